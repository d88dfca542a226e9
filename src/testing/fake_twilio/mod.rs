//! Twilio on loopback: the routes a snap port needs, support people behind a ticket, and faults.

mod books;
mod callback;
mod outcome;
mod product;
mod rules;
mod setup;
mod shown;
mod support;
mod wire;
mod world;

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub use books::{FakeCallback, FakeRequest};
pub use outcome::{FakeLeg, FakeOutcome};
pub use product::account::FakeAccount;
pub use product::alert::FakeAlert;
pub use product::portability::FakePortability;
pub use support::script::FakeSupport;
pub use support::ticket::{FakeTicket, FakeTicketState, FakeTicketStatus};
pub use wire::fault::FakeFault;
pub use wire::route::FakeRoute;

use crate::clock::Clock;
use crate::number::PhoneNumber;
use callback::courier;
use wire::server::{self, Server};

/// Twilio on loopback: an HTTP server that speaks Twilio's wire, with a world behind it.
///
/// It is all of Twilio's products under one [`url`](Self::url), and takes no other connections
/// than this machine's. Clones share one world; the server stops when the last of them is dropped.
///
/// **Time** is the given clock's. What is bound to happen (support people move numbers, calls are
/// taken, registrations end) happens when the clock has passed its time and somebody asks: any
/// request, any look by a method here, or [`catch_up`](Self::catch_up). All SIDs are counted up,
/// so the same requests at the same times get the same answers.
///
/// Give the same clock to everything that waits or tells the time: here,
/// [`TwilioClientBuilder::timer`](crate::twilio::TwilioClientBuilder::timer),
/// [`TwilioCarrierBuilder::clock`](crate::twilio::TwilioCarrierBuilder::clock) and
/// [`timer`](crate::twilio::TwilioCarrierBuilder::timer), and [`PortDesk`](crate::PortDesk). With a
/// [`VirtualClock`](crate::testing::VirtualClock) in each, waits pass at once and move the clock;
/// one left out really sleeps, such as a carrier that waits a minute for a test call's end.
///
/// **Strict**: methods, content types, parameters, SIDs and enumerations are checked against
/// Twilio's published description. A parameter Twilio does not have is refused (20001), though
/// Twilio passes over it: a typo should not go by in silence. So is an alert query that ends before
/// it begins. Numbers that are called, texted or asked about must be known here, or fit their
/// country's numbering plan. Twilio's codes come with the HTTP statuses Twilio documents, and with
/// 400 where it documents none.
///
/// **Lax**: applications, trunks, addresses and bundles are there wherever a SID of their kind is
/// given, URLs need not be reachable, and every country may be called and texted.
///
/// **Not there**: buying and deleting numbers (405), TwiML and the URLs a number answers with
/// (nothing is fetched), SIP and clients. Ordinary port-ins, Lookup and brands are not found (404).
///
/// ```
/// use snap_port::PhoneNumber;
/// use snap_port::testing::{FakeAccount, FakeTwilio, FakeTicket, VirtualClock, sample};
/// # use chrono::TimeDelta;
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let (losing, gaining) = (format!("AC{:032}", 1), format!("AC{:032}", 2));
/// let clock = VirtualClock::at(sample::time());
/// let twilio = FakeTwilio::start(clock.clone()).await?;
/// twilio.add_account(FakeAccount::new(&gaining).token("secret"));
/// let number = PhoneNumber::from_e164("+14155550100")?;
/// twilio.add_number(number, &losing);
///
/// let ticket = twilio.file_ticket(FakeTicket {
///     subject: "Transfer numbers between accounts".to_owned(),
///     losing: losing.clone(),
///     gaining: gaining.clone(),
///     numbers: vec![number],
///     body: String::new(),
/// });
/// assert_eq!(twilio.owner_of(number), Some(losing));
/// clock.advance(TimeDelta::hours(48));
/// assert_eq!(twilio.owner_of(number), Some(gaining));
/// # assert!(twilio.ticket(&ticket).is_some());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct FakeTwilio {
    server: Arc<Server>,
    url: Arc<str>,
}

impl FakeTwilio {
    /// Starts one on a free port of 127.0.0.1; inside a tokio runtime.
    ///
    /// # Errors
    /// If the port cannot be had.
    pub async fn start(clock: impl Clock + 'static) -> io::Result<Self> {
        Self::listen(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), clock).await
    }

    /// Starts one at `address`; inside a tokio runtime.
    ///
    /// # Errors
    /// If `address` is not a loopback address, or cannot be had.
    pub async fn listen(address: SocketAddr, clock: impl Clock + 'static) -> io::Result<Self> {
        let server = server::start(address, Arc::new(clock)).await?;
        let url = server.shared.lock().base.as_str().into();
        Ok(Self {
            server: Arc::new(server),
            url,
        })
    }

    /// The one base URL of all products, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        self.url.to_string()
    }

    /// Lets everything happen that is due, and sends every callback that is due. It returns when
    /// they are sent; a receiver may take five seconds of real time, once.
    pub async fn catch_up(&self) {
        drop(self.world());
        courier::deliver(&self.server.shared).await;
    }

    /// What goes wrong with the next request on `route`; repeated, in turn.
    pub fn fault(&self, route: FakeRoute, fault: FakeFault) {
        self.world().faults.next(route, fault);
    }

    /// What goes wrong with every request on `route` that no queued [`fault`](Self::fault) is for.
    pub fn fault_always(&self, route: FakeRoute, fault: FakeFault) {
        self.world().faults.always(route, fault);
    }

    /// Forgets all faults that are to come.
    pub fn clear_faults(&self) {
        self.world().faults.clear();
    }

    /// How many requests came on `route`, whatever became of them.
    pub fn asked(&self, route: FakeRoute) -> usize {
        self.world().books.asked(route)
    }

    /// How many requests on `route` changed something, whatever they were answered.
    pub fn effects(&self, route: FakeRoute) -> usize {
        self.world().books.effects(route)
    }

    /// How many requests hang right now: clients that wait for an answer that does not come.
    pub fn hanging(&self) -> usize {
        self.server.shared.hanging.load(Ordering::Relaxed)
    }

    /// The requests that came, oldest first; the last 100,000 of them.
    pub fn requests(&self) -> Vec<FakeRequest> {
        self.world().books.requests.iter().cloned().collect()
    }

    /// The callbacks that were sent or could not be, oldest first; the last 100,000 of them.
    pub fn callbacks(&self) -> Vec<FakeCallback> {
        self.world().books.callbacks.iter().cloned().collect()
    }

    /// The account `number` is in now; `None` if it is not on Twilio.
    pub fn owner_of(&self, number: PhoneNumber) -> Option<String> {
        self.world().account_of(number).map(str::to_owned)
    }

    /// The SID of `number` now; `None` if it is not on Twilio.
    pub fn sid_of(&self, number: PhoneNumber) -> Option<String> {
        self.world().sids.get(&number).cloned()
    }

    fn world(&self) -> std::sync::MutexGuard<'_, world::World> {
        self.server.shared.up_to_date()
    }
}

/// Its URL; nothing of what is in it.
impl fmt::Debug for FakeTwilio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeTwilio")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
