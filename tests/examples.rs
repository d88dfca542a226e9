//! The examples that are whole programs, run as such. `cargo test` builds them.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use snap_port::CarrierErrorKind;
use snap_port::twilio::{
    AccountSid, BaseUrls, Credentials, PortabilityVerdict, StaticCredentials, TwilioClient,
};

/// No program here takes nearly as long.
const LONG: Duration = Duration::from_secs(120);

const GAINING: &str = "AC000000000000000000000000000000b1";
const LOSING: &str = "AC000000000000000000000000000000a1";

/// A program that runs until it is dropped, at the latest.
struct Program(Child);

impl Program {
    fn start(example: &str, arguments: &[&str]) -> Self {
        let started = Command::new(built(example))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        Self(started.unwrap())
    }

    fn stdout(&mut self) -> ChildStdout {
        self.0.stdout.take().unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Where cargo puts it: this test is in `deps` beside `examples`.
fn built(example: &str) -> PathBuf {
    let this = std::env::current_exe().unwrap();
    let profile = this.parent().and_then(|deps| deps.parent()).unwrap();
    let name = format!("{example}{}", std::env::consts::EXE_SUFFIX);
    let file = profile.join("examples").join(name);
    assert!(
        file.exists(),
        "{} is not built; run `cargo test` without naming a test, or `cargo build --examples` first",
        file.display()
    );
    file
}

/// Does it elsewhere: what a program writes comes when it comes.
fn aside<T: Send + 'static>(read: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (done, waits) = mpsc::channel();
    // Nobody may be waiting any more.
    thread::spawn(move || drop(done.send(read())));
    waits
}

/// Its exit code, and what it wrote to standard output and to standard error.
fn run(example: &str, arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut program = Program::start(example, arguments);
    let (mut out, mut err) = (program.stdout(), program.0.stderr.take().unwrap());
    let out = aside(move || {
        let mut text = String::new();
        out.read_to_string(&mut text).map(|_| text)
    });
    let err = aside(move || {
        let mut text = String::new();
        err.read_to_string(&mut text).map(|_| text)
    });
    let out = out.recv_timeout(LONG).expect("it ends").unwrap();
    let err = err.recv_timeout(LONG).expect("it ends").unwrap();
    (program.0.wait().unwrap().code(), out, err)
}

#[test]
fn a_full_port_runs_over_http_and_simulated() {
    for (arguments, over_http) in [(&[][..], true), (&["--sim"][..], false)] {
        let (code, out, err) = run("full_port", arguments);
        assert_eq!((code, err.as_str()), (Some(0), ""), "{out}");
        let played = out.contains("Twilio is played by http://127.0.0.1:");
        assert_eq!(played, over_http, "{out}");
        let last = out.lines().last().unwrap();
        assert!(last.starts_with("Verified: "), "{last}");
        assert!(last.ends_with("one order at the carrier."), "{last}");
    }
    let (code, _, err) = run("full_port", &["--fast"]);
    assert_eq!(code, Some(1));
    assert!(err.contains("usage: full_port [--sim]"), "{err}");
}

#[tokio::test]
async fn a_client_talks_to_twilio_as_a_process() {
    let mut program = Program::start("fake_twilio", &["--listen", "127.0.0.1:0"]);
    let mut out = BufReader::new(program.stdout());
    let first = aside(move || {
        let mut line = String::new();
        out.read_line(&mut line).map(|_| (line, out))
    });
    // It writes on, and must be able to.
    let (url, _out) = first.recv_timeout(LONG).expect("it begins").unwrap();
    let url = url.trim();
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");

    let client = |token: &str| {
        let gaining = AccountSid::parse(GAINING).unwrap();
        let token = Credentials::auth_token(gaining.clone(), token);
        TwilioClient::builder(StaticCredentials::new().with(gaining, token))
            .base_urls(BaseUrls::all(url).unwrap())
            .build()
            .unwrap()
    };
    let (gaining, losing) = (
        AccountSid::parse(GAINING).unwrap(),
        AccountSid::parse(LOSING).unwrap(),
    );
    let twilio = client("gaining-token");
    let held = twilio.numbers(&gaining).await.unwrap();
    let held: Vec<&str> = held.iter().map(|held| held.phone_number.as_str()).collect();
    assert_eq!(held, ["+16505550100"]);
    let awaited = "+14155550100".parse().unwrap();
    let told = twilio.portability(awaited, &gaining).await.unwrap();
    assert_eq!(told.verdict, PortabilityVerdict::OnTwilioOtherOwner);
    let refused = client("not this").numbers(&gaining).await.unwrap_err();
    assert_eq!(refused.kind(), CarrierErrorKind::Unauthorized);
    assert!(twilio.numbers(&losing).await.is_err());
}

#[test]
fn twilio_as_a_process_is_on_loopback_only() {
    for (arguments, part) in [
        (["--listen", "0.0.0.0:0"], "no loopback address"),
        (["--port", "1"], "there is no option --port"),
    ] {
        let (code, out, err) = run("fake_twilio", &arguments);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        assert!(err.contains(part), "{err}");
    }
}
