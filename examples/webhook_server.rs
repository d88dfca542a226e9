//! Twilio's webhooks behind a server: `cargo run --example webhook_server -- --listen
//! 127.0.0.1:8085 --public-url https://port.example`.
//!
//! The auth token comes from `TWILIO_AUTH_TOKEN`, during a rotation the other one from
//! `TWILIO_AUTH_TOKEN_SECONDARY`. `POST /twilio/events` answers
//!
//! - 204 to what Twilio signed, and prints what is worth a look, once however often it comes,
//! - 403 to anything else, with the reason on standard error only,
//! - 413 to a body over the limit, 408 to one that does not end within ten seconds.
//!
//! Everything else is 404. A connection is for one request, and is closed if the head of that does
//! not come within ten seconds. Stop it with Ctrl-C. To see it work without Twilio, with the token
//! of Twilio's published example:
//!
//! ```sh
//! TWILIO_AUTH_TOKEN=12345 cargo run --example webhook_server &
//! url=https://port.example/twilio/events
//! form='CallSid=CA00000000000000000000000000000001&CallStatus=completed'
//! signature=$(printf %s "${url}CallSidCA00000000000000000000000000000001CallStatuscompleted" |
//!     openssl dgst -sha1 -hmac 12345 -binary | base64)
//! curl -i http://127.0.0.1:8085/twilio/events -H "X-Twilio-Signature: $signature" -d "$form"
//! ```
//!
//! Or with a Twilio on loopback, whose callbacks the example's scenario sends to this port:
//!
//! ```sh
//! TWILIO_AUTH_TOKEN=gaining-token cargo run --example webhook_server -- \
//!     --listen 127.0.0.1:8643 --public-url http://127.0.0.1:8643 &
//! cargo run --example fake_twilio -- --listen 127.0.0.1:8642 --minute-is 1s
//! ```
//!
//! TLS is the business of what stands in front. It must pass path and query on as they came; no
//! forwarding header is read. It should also limit how many connections there are.

pub(crate) mod shown;

use std::collections::{HashSet, VecDeque};
use std::env::VarError;
use std::error::Error;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use snap_port::twilio::webhook::{Forged, Hint, HintKey, SignatureKeys, Webhook, WebhookRequest};
use snap_port::{SystemTimer, Timer as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use shown::Shown;

const PATH: &str = "/twilio/events";
/// Twilio's deliveries are far smaller.
const BODY_LIMIT: usize = 256 * 1024;
/// How long the head of a request may take to come in, and then how long its body.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many keys are kept, to tell repetitions. A service keeps them where its port requests are.
const KEPT: usize = 10_000;

const USAGE: &str = "usage: webhook_server [--listen 127.0.0.1:8085] \
    [--public-url https://port.example] [--anywhere]";

struct Arguments {
    listen: SocketAddr,
    public_url: String,
    /// May it listen where others than this machine reach it?
    anywhere: bool,
}

impl Arguments {
    fn parse(mut given: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let mut arguments = Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8085)),
            public_url: "https://port.example".to_owned(),
            anywhere: false,
        };
        while let Some(argument) = given.next() {
            let mut value = || given.next().ok_or(USAGE);
            match argument.as_str() {
                "--listen" => arguments.listen = value()?.parse()?,
                "--public-url" => value()?
                    .trim_end_matches('/')
                    .clone_into(&mut arguments.public_url),
                "--anywhere" => arguments.anywhere = true,
                _ => return Err(USAGE.into()),
            }
        }
        if !arguments.listen.ip().is_loopback() && !arguments.anywhere {
            return Err("not a loopback address; say --anywhere if it is meant".into());
        }
        if !arguments.public_url.contains("://") {
            return Err("--public-url needs scheme and host, as Twilio is told them".into());
        }
        Ok(arguments)
    }
}

pub(crate) struct Desk {
    webhook: Webhook,
    public_url: String,
    patience: Duration,
    seen: Mutex<Seen>,
}

/// The keys of late, and the order they came in.
#[derive(Default)]
struct Seen {
    keys: HashSet<HintKey>,
    order: VecDeque<HintKey>,
}

impl Seen {
    fn is_new(&mut self, key: HintKey) -> bool {
        let new = self.keys.insert(key);
        if new {
            self.order.push_back(key);
            if self.order.len() > KEPT
                && let Some(oldest) = self.order.pop_front()
            {
                self.keys.remove(&oldest);
            }
        }
        new
    }
}

async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> StatusCode {
    let (head, body) = request.into_parts();
    if head.method != Method::POST || head.uri.path() != PATH {
        return StatusCode::NOT_FOUND;
    }
    let body = match tokio::time::timeout(desk.patience, to_bytes(body, BODY_LIMIT)).await {
        Ok(Ok(body)) => body,
        // Or the connection broke, and nobody reads the answer.
        Ok(Err(_)) => return StatusCode::PAYLOAD_TOO_LARGE,
        Err(_) => return StatusCode::REQUEST_TIMEOUT,
    };
    let asked = head
        .uri
        .path_and_query()
        .map_or(PATH, |asked| asked.as_str());
    let url = format!("{}{asked}", desk.public_url);
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.as_str(), value.as_bytes()));
    let request = WebhookRequest::new(head.method.as_str(), &url, &body).headers(headers);
    match desk.webhook.verify(&request) {
        Ok(genuine) => {
            match genuine.hints() {
                Ok(hints) => hints.iter().for_each(|hint| desk.print(hint)),
                Err(error) => eprintln!("genuine, but {}", Shown(error)),
            }
            StatusCode::NO_CONTENT
        }
        Err(error @ Forged::BodyTooLarge { .. }) => {
            eprintln!("refused: {}", Shown(error));
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Err(error) => {
            eprintln!("refused: {}", Shown(error));
            StatusCode::FORBIDDEN
        }
    }
}

impl Desk {
    pub(crate) fn new(keys: SignatureKeys, public_url: String, patience: Duration) -> Arc<Self> {
        Arc::new(Self {
            webhook: Webhook::new(keys).body_limit(BODY_LIMIT),
            public_url,
            patience,
            seen: Mutex::default(),
        })
    }

    /// Here a service would look at Twilio: the hint itself is no evidence.
    fn print(&self, hint: &Hint) {
        let seen = self.seen.lock();
        let mut seen = seen.unwrap_or_else(PoisonError::into_inner);
        if seen.is_new(hint.key()) {
            println!("{}", line(hint));
        } else {
            println!("seen before");
        }
    }
}

/// What is printed of a hint.
pub(crate) fn line(hint: &Hint) -> String {
    let line = match hint {
        Hint::Call(call) => format!("look at call {}: {:?}", call.sid, call.status),
        Hint::Message(message) => format!(
            "look at message {}: {:?}, {:?}",
            message.sid, message.status, message.error
        ),
        Hint::Registration(news) => {
            format!("try a message from {:?}: {:?}", news.number, news.state)
        }
        Hint::Other(other) => format!("nothing for a port: {:?}", other.kind),
        _ => "nothing this example knows".to_owned(),
    };
    Shown(line).to_string()
}

/// Serves until `stop`, and then what is under way to its end.
pub(crate) async fn serve(listener: TcpListener, desk: Arc<Desk>, stop: impl Future<Output = ()>) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(desk.patience)
        .keep_alive(false);
    let app = TowerToHyperService::new(Router::new().fallback(answer).with_state(desk));
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(http.serve_connection(TokioIo::new(stream), app.clone()));
            }
            // Too many files are open, perhaps: some are closed as connections end.
            Err(_) => {
                SystemTimer::default()
                    .sleep(Duration::from_millis(100))
                    .await
            }
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

fn keys() -> Result<SignatureKeys, Box<dyn Error>> {
    let (primary, secondary) = ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY");
    // The error of a variable that is no text shows what it is set to.
    let token = std::env::var(primary).map_err(|_| format!("{primary} is not set, or no text"))?;
    let keys = SignatureKeys::new(token).map_err(|error| format!("{primary}: {error}"))?;
    Ok(match std::env::var(secondary) {
        Ok(token) => keys
            .or(token)
            .map_err(|error| format!("{secondary}: {error}"))?,
        Err(VarError::NotPresent) => keys,
        Err(VarError::NotUnicode(_)) => return Err(format!("{secondary} is no text").into()),
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let desk = Desk::new(keys()?, arguments.public_url, PATIENCE);
    let listener = TcpListener::bind(arguments.listen).await?;
    println!("http://{}{PATH}", listener.local_addr()?);
    let stop = async {
        // Without signals it is stopped another way.
        let _ = tokio::signal::ctrl_c().await;
    };
    serve(listener, desk, stop).await;
    Ok(())
}
