//! Twilio's webhooks behind a server: `cargo run --example webhook_server -- --listen
//! 127.0.0.1:8085 --public-url https://port.example`.
//!
//! The auth token comes from `TWILIO_AUTH_TOKEN`, during a rotation the other one from
//! `TWILIO_AUTH_TOKEN_SECONDARY`. `POST /twilio/events` answers
//!
//! - 204 to what Twilio signed, and prints what is worth a look, once however often it comes,
//! - 403 to anything else, with the reason on standard error only,
//! - 413 to a body over the limit, 408 to one that does not end.
//!
//! Everything else is 404. Stop it with Ctrl-C. To see it work without Twilio, with the token of
//! Twilio's published example:
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

use std::collections::{HashSet, VecDeque};
use std::error::Error;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use snap_port::twilio::webhook::{Forged, Hint, HintKey, SignatureKeys, Webhook, WebhookRequest};

const PATH: &str = "/twilio/events";
/// Twilio's deliveries are far smaller.
const BODY_LIMIT: usize = 256 * 1024;
/// How long a body may take to come in.
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

struct Desk {
    webhook: Webhook,
    public_url: String,
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
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, BODY_LIMIT)).await {
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
                Err(error) => eprintln!("genuine, but {error}"),
            }
            StatusCode::NO_CONTENT
        }
        Err(error @ Forged::BodyTooLarge { .. }) => {
            eprintln!("refused: {error}");
            StatusCode::PAYLOAD_TOO_LARGE
        }
        Err(error) => {
            eprintln!("refused: {error}");
            StatusCode::FORBIDDEN
        }
    }
}

impl Desk {
    /// Here a service would look at Twilio: the hint itself is no evidence.
    fn print(&self, hint: &Hint) {
        let seen = self.seen.lock();
        let mut seen = seen.unwrap_or_else(PoisonError::into_inner);
        if seen.is_new(hint.key()) {
            match hint {
                Hint::Call(call) => println!("look at call {}: {:?}", call.sid, call.status),
                Hint::Message(message) => println!(
                    "look at message {}: {:?}, {:?}",
                    message.sid, message.status, message.error
                ),
                Hint::Registration(news) => {
                    println!("try a message from {:?}: {:?}", news.number, news.state);
                }
                Hint::Other(other) => println!("nothing for a port: {:?}", other.kind),
                _ => println!("nothing this example knows"),
            }
        } else {
            println!("seen before");
        }
    }
}

fn keys() -> Result<SignatureKeys, Box<dyn Error>> {
    let (primary, secondary) = ("TWILIO_AUTH_TOKEN", "TWILIO_AUTH_TOKEN_SECONDARY");
    let token = std::env::var(primary).map_err(|error| format!("{primary}: {error}"))?;
    let keys = SignatureKeys::new(token).map_err(|error| format!("{primary}: {error}"))?;
    Ok(match std::env::var(secondary) {
        Ok(token) => keys
            .or(token)
            .map_err(|error| format!("{secondary}: {error}"))?,
        Err(_) => keys,
    })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse(std::env::args().skip(1))?;
    let desk = Arc::new(Desk {
        webhook: Webhook::new(keys()?).body_limit(BODY_LIMIT),
        public_url: arguments.public_url,
        seen: Mutex::default(),
    });
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    println!("http://{}{PATH}", listener.local_addr()?);
    let server = Router::new().fallback(answer).with_state(desk);
    axum::serve(listener, server)
        .with_graceful_shutdown(async {
            // Without signals it is stopped another way.
            let _ = tokio::signal::ctrl_c().await;
        })
        .await?;
    Ok(())
}
