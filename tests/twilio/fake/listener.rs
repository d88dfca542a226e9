//! The callbacks' other end: `examples/webhook_server.rs`.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::json;
use snap_port::twilio::webhook::{SignatureKeys, Webhook, WebhookRequest};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::{AS_GAINING, GAINING, KEY, World, number, under};
use crate::signatures::oracle;

#[path = "../../../examples/webhook_server.rs"]
#[allow(dead_code, reason = "its `main` is not called here")]
#[allow(clippy::duplicate_mod, reason = "the examples share one")]
mod webhook_server;

use webhook_server::shown::{Plain, Shown};

/// Far longer than anything takes here.
const FOREVER: Duration = Duration::from_secs(600);
/// What is waited for comes within this, or not at all.
const LONG: Duration = Duration::from_secs(20);
/// Waited for in full by what has to run out.
const SHORT: Duration = Duration::from_millis(100);

/// The example, serving in this process.
struct Server {
    url: String,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Server {
    async fn new(patience: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}");
        let keys = SignatureKeys::new(AS_GAINING.1).unwrap();
        let desk = webhook_server::Desk::new(keys, url.clone(), patience);
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move {
            let stopped = async { stopped.await.unwrap() };
            webhook_server::serve(listener, desk, stopped).await;
        });
        Self {
            url,
            address,
            stop,
            task,
        }
    }

    /// Sends `bytes`, keeps the line open, and gives what comes until the other end closes it.
    async fn tell(&self, bytes: &str) -> String {
        let mut line = TcpStream::connect(self.address).await.unwrap();
        line.write_all(bytes.as_bytes()).await.unwrap();
        heard(&mut line).await
    }

    async fn stop(self) {
        self.stop.send(()).unwrap();
        self.task.await.unwrap();
    }
}

/// What comes until the other end closes the line.
async fn heard(line: &mut (impl AsyncRead + Unpin)) -> String {
    let mut heard = Vec::new();
    // A line that is closed with bytes unread is cut.
    let _ = timeout(LONG, line.read_to_end(&mut heard)).await.unwrap();
    String::from_utf8(heard).unwrap()
}

fn head(length: usize) -> String {
    format!("POST /twilio/events HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn what_twilio_signs_is_taken_and_nothing_else() {
    let server = Server::new(FOREVER).await;
    let world = World::new().await;
    world.fake.add_number(number(0), GAINING);
    let callback = format!("{}/twilio/events", server.url);
    let form = [
        ("To", "+16505550199"),
        ("From", "+14155550100"),
        ("Body", "Hello"),
        ("StatusCallback", &callback),
    ];
    let path = under(GAINING, "/Messages.json");
    assert_eq!(world.post(AS_GAINING, &path, &form).await.status, 201);
    world.pass(5);
    world.fake.catch_up().await;
    let sent = world.fake.callbacks();
    assert!(!sent.is_empty());
    assert!(
        sent.iter().all(|callback| callback.status == Some(204)),
        "{sent:?}"
    );

    let forged = server.tell(&format!("{}CallSid=1", head(9))).await;
    assert!(forged.starts_with("HTTP/1.1 403"), "{forged}");
    let elsewhere = server.tell("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(elsewhere.starts_with("HTTP/1.1 404"), "{elsewhere}");
    let large = 256 * 1024 + 1;
    let large = server.tell(&(head(large) + &"x".repeat(large))).await;
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    server.stop().await;
}

#[tokio::test]
async fn who_sends_no_head_or_no_body_is_not_waited_for() {
    let server = Server::new(SHORT).await;
    // Nothing at all; half a head; the whole of it, and half a body.
    assert_eq!(server.tell("").await, "");
    assert_eq!(server.tell("POST /twilio/events HTTP/1.1\r\nho").await, "");
    let late = server.tell(&format!("{}CallSid=1", head(10))).await;
    assert!(late.starts_with("HTTP/1.1 408"), "{late}");
    // Those that wait do not keep it from stopping.
    let idle = TcpStream::connect(server.address).await.unwrap();
    server.stop().await;
    drop(idle);
}

#[tokio::test]
async fn a_head_or_a_body_byte_by_byte_is_not_waited_for() {
    let server = Server::new(SHORT).await;
    for (begun, answer) in [(String::new(), ""), (head(100_000), "HTTP/1.1 408")] {
        let line = TcpStream::connect(server.address).await.unwrap();
        let (mut ear, mut mouth) = line.into_split();
        mouth.write_all(begun.as_bytes()).await.unwrap();
        // Slow enough never to be done, too fast ever to be idle.
        let drip = tokio::spawn(async move {
            let mut pace = tokio::time::interval(Duration::from_millis(1));
            while mouth.write_all(b"x").await.is_ok() {
                pace.tick().await;
            }
        });
        let heard = heard(&mut ear).await;
        assert!(
            heard.starts_with(answer) && heard.is_empty() == answer.is_empty(),
            "{heard}"
        );
        timeout(LONG, drip).await.unwrap().unwrap();
    }
    server.stop().await;
}

/// Whether it moves a cursor, or turns the direction of writing.
fn is_powerful(c: char) -> bool {
    let turns = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || c.is_control()
}

#[test]
fn nothing_that_is_printed_has_power_over_the_terminal() {
    let hostile = format!("\u{1b}[2J\r\nlook\u{2028}\u{202e}{GAINING}");
    let registration = "com.twilio.messaging.compliance.number-registration";
    let webhook = Webhook::new(SignatureKeys::new("12345").unwrap());
    for event in [
        json!({ "CallSid": format!("CA{:032}", 1), "CallStatus": hostile }),
        json!({ "MessageSid": format!("SM{:032}", 1), "MessageStatus": hostile }),
        json!({ "type": hostile, "id": hostile, "data": { "accountsid": GAINING } }),
        json!({
            "type": format!("{registration}.failed"),
            "data": { "phonenumber": "+14155550100", "failurereason": hostile },
        }),
    ] {
        let body = event.to_string();
        let digest = oracle::hex(&oracle::sha256(body.as_bytes()));
        let url = format!("https://x.test/y?bodySHA256={digest}");
        let signature = oracle::sign("12345", &url, &[]);
        let headers: [(&str, &[u8]); 2] = [
            ("content-type", b"application/json"),
            ("x-twilio-signature", signature.as_bytes()),
        ];
        let request = WebhookRequest::new("POST", &url, body.as_bytes()).headers(headers);
        let hints = webhook.verify(&request).unwrap().hints().unwrap();
        let line = webhook_server::line(&hints[0]);
        assert!(line.contains("[2J") && !line.contains(GAINING), "{line}");
        assert!(!line.contains(is_powerful), "{line:?}");
    }
}

#[test]
fn words_from_elsewhere_are_shown_escaped_and_accounts_masked() {
    let hostile = format!("a\u{1b}[2J\r\n\t\u{9b}\u{2028}\u{202e}\u{2069}\u{200f}é{GAINING}\"");
    let escaped = r"a\u{1b}[2J\r\n\t\u{9b}\u{2028}\u{202e}\u{2069}\u{200f}é";
    assert_eq!(Shown(&hostile).to_string(), format!("{escaped}AC…00b1\""));
    assert_eq!(Plain(&hostile).to_string(), format!("{escaped}{GAINING}\""));
    let keys = format!("{KEY}{} PN{:032}", GAINING.to_lowercase(), 1);
    assert_eq!(
        Shown(keys).to_string(),
        format!("SK…00b1ac…00b1 PN{:032}", 1)
    );
    for fine in ["", "שלום, e\u{301}", "a\u{200d}b", "AC12"] {
        assert_eq!(Shown(fine).to_string(), fine);
        assert_eq!(Plain(fine).to_string(), fine);
    }
}
