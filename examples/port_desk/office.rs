//! What a desk that serves is made of: the store, the carrier, the desk, its worker.

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::TimeDelta;
use metrics_exporter_prometheus::PrometheusHandle;
use snap_port::testing::HookedStore;
use snap_port::twilio::webhook::{SignatureKeys, Webhook};
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, NumberSetup, SmsRoute, StaticCredentials, TestLine,
    TwilioCarrier, TwilioClient, VoiceRoute, WebhookUrl,
};
use snap_port::{
    BusinessCalendar, Cadence, CarrierClient, CarrierId, CarrierName, Clock, DirectoryDocuments,
    DocumentSource, GainingPlatform, MetricsProbe, ObserverError, ObserverId, PortDesk,
    PortObserver, PortStore, RoutePolicy, SystemClock, Told, Worker,
};

use super::halt::Halts;
use super::halting::Halting;
use super::options::Serve;
use super::support::SupportDesk;
use super::web::App;
use super::web::events::LIMIT;
use super::web::gate::Gate;

/// How long the head of a request may take to come in, and then how long its body.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// How long what is under way may take to end, where nothing else is said.
const GRACE: Duration = Duration::from_secs(30);

/// The secrets, which no command line shows.
pub(crate) struct Secrets {
    /// Our account at Twilio, and its auth token.
    pub(crate) account: String,
    pub(crate) auth_token: String,
    /// What opens the desk.
    pub(crate) desk_token: String,
}

/// The app and its worker.
pub(crate) struct Office {
    pub(crate) app: Arc<App>,
    pub(crate) worker: Worker,
    /// How long answers and the worker's calls that are under way at the end may take.
    pub(crate) grace: Duration,
}

impl Office {
    /// Everything the options say, reached at `url`.
    pub(crate) fn furnish(
        options: &Serve,
        secrets: &Secrets,
        store: Arc<dyn PortStore>,
        halts: Arc<Halts>,
        metrics: PrometheusHandle,
        url: &str,
    ) -> Result<Self, Box<dyn Error>> {
        let grace = options.grace.unwrap_or(GRACE);
        let public_url = options.public_url.clone().unwrap_or_else(|| url.to_owned());
        let ours = GainingPlatform::new(&options.platform, &options.contact)?;
        let twilio = Arc::new(carrier(options, secrets, ours.clone(), &public_url)?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let names = [(twilio.id(), CarrierName::new("Twilio")?)];
        let policy = RoutePolicy::new(BusinessCalendar::new(options.zone.clone()));
        let carrier = Halting {
            carrier: Arc::clone(&twilio),
            halts: Arc::clone(&halts),
        };
        let desk = PortDesk::new(Arc::new(HookedStore::new(store, halts)), Arc::clone(&clock))
            .with_policy(policy)
            .with_cadence(cadence(options.cadence))
            .with_sender(ours, names)
            .with_carrier(Arc::new(carrier));
        let gate = Gate::new(
            &secrets.desk_token,
            public_url.starts_with("https://"),
            Arc::clone(&clock),
        )?;
        let app = App {
            desk,
            clock,
            carrier: twilio.id(),
            twilio,
            webhook: Webhook::new(SignatureKeys::new(secrets.auth_token.clone())?)
                .body_limit(LIMIT),
            public_url,
            gate,
            documents: documents(options.documents.as_deref())?,
            metrics,
            zone: options.zone.clone(),
            patience: PATIENCE,
        };
        Ok(Self {
            app: Arc::new(app),
            worker: worker(options, grace)?,
            grace,
        })
    }
}

/// Twilio, or what plays it.
fn carrier(
    options: &Serve,
    secrets: &Secrets,
    ours: GainingPlatform,
    public_url: &str,
) -> Result<TwilioCarrier, Box<dyn Error>> {
    let account = AccountSid::parse(&secrets.account)?;
    let token = Credentials::auth_token(account.clone(), secrets.auth_token.clone());
    let credentials = StaticCredentials::new().with(account.clone(), token);
    let mut client = TwilioClient::builder(credentials);
    if let Some(url) = &options.twilio {
        client = client.base_urls(BaseUrls::all(url)?);
    }
    let mut carrier = TwilioCarrier::builder(client.build()?, ours);
    if let Some(number) = options.test_line {
        carrier = carrier.test_line(TestLine::new(account, number));
    }
    if let Some(url) = &options.voice_url {
        let events = WebhookUrl::parse(&format!("{public_url}/twilio/events"))?;
        let setup = NumberSetup::new(VoiceRoute::url(url)?, SmsRoute::MessagingService);
        carrier = carrier.setup(setup.status_callback(events));
    }
    if let Some(span) = options.cadence {
        carrier = carrier.fresh_for(span);
    }
    if options.file_with_support {
        let base = options.twilio.as_deref().unwrap_or_default();
        let desk = SupportDesk::new(base, CarrierId::parse("twilio")?)?;
        carrier = carrier.transfer_desk(Arc::new(desk));
    }
    Ok(carrier.build())
}

/// Every interval as short as this, for trials; without it, as usual.
fn cadence(every: Option<TimeDelta>) -> Cadence {
    let mut cadence = Cadence::default();
    if let Some(every) = every {
        cadence.often = every;
        cadence.rarely = every;
        cadence.lost_answer = every;
        cadence.in_service = every;
        cadence.after_failure = every;
    }
    cadence
}

fn worker(options: &Serve, grace: Duration) -> Result<Worker, Box<dyn Error>> {
    let mut worker = Worker::new(options.worker.clone())
        .with_probe(Arc::new(MetricsProbe))
        .with_grace(grace);
    if let Some(lease) = options.lease {
        worker = worker.with_lease(lease);
    }
    if let Some(idle) = options.idle {
        worker = worker.with_idle(idle);
    }
    if options.tell {
        let id = ObserverId::parse("port_desk")?;
        worker = worker.with_observer(Arc::new(Teller { id }));
    }
    Ok(worker)
}

fn documents(folder: Option<&Path>) -> Result<Option<Arc<dyn DocumentSource>>, Box<dyn Error>> {
    Ok(match folder {
        Some(folder) => {
            let source = DirectoryDocuments::new(folder)
                .map_err(|_| "--documents must be a directory that can be read")?;
            Some(Arc::new(source))
        }
        None => None,
    })
}

/// Prints what has happened. Whatever it was not told when the process died, it is told after.
#[derive(Debug)]
struct Teller {
    id: ObserverId,
}

#[async_trait]
impl PortObserver for Teller {
    fn id(&self) -> ObserverId {
        self.id.clone()
    }

    async fn told(&self, events: &[Told]) -> Result<(), ObserverError> {
        for told in events {
            let (event, kind) = (&told.event, told.event.entry().kind());
            let line = format!("told {} {} {kind}", told.position, event.request());
            super::halt::say(&line);
        }
        Ok(())
    }
}
