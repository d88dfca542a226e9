//! What a newcomer runs first: `examples/twilio_check.rs`.

use std::collections::BTreeMap;

use axum::Router;
use axum::http::StatusCode;
use serde_json::json;
use snap_port::testing::{FakeAccount, FakeRoute};

use super::{OURS, POOL, Place, TOKEN, number};

#[path = "../../../examples/twilio_check.rs"]
#[allow(dead_code, reason = "its `main` is not called here")]
mod twilio_check;

const THEIRS: &str = "AC00000000000000000000000000000009";
const KEY: &str = "SK00000000000000000000000000000001";

/// A run of the check.
struct Run {
    code: u8,
    out: String,
    err: String,
}

/// An environment, and the place it points to.
struct Shop {
    place: Place,
    environment: BTreeMap<&'static str, String>,
}

impl Shop {
    /// Two numbers lie with another owner; the gaining account has what it needs.
    async fn new() -> Self {
        let place = Place::new().await;
        place.twilio.set_campaign(POOL, "VERIFIED");
        for ready in ["+14155550001", "+14155550002"] {
            place.twilio.add_number(number(ready), THEIRS);
        }
        let environment = BTreeMap::from([
            ("TWILIO_BASE_URL", place.twilio.url()),
            ("TWILIO_ACCOUNT_SID", OURS.to_owned()),
            ("TWILIO_AUTH_TOKEN", TOKEN.to_owned()),
            ("TWILIO_MESSAGING_SERVICE_SID", POOL.to_owned()),
        ]);
        Self { place, environment }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.environment.insert(name, value.to_owned());
        self
    }

    async fn run(&self, arguments: &[&str]) -> Run {
        let arguments: Vec<String> = arguments.iter().map(|text| (*text).to_owned()).collect();
        let environment = |name: &str| self.environment.get(name).cloned();
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = twilio_check::run(&arguments, &environment, &mut out, &mut err).await;
        let run = Run {
            code,
            out: String::from_utf8(out).unwrap(),
            err: String::from_utf8(err).unwrap(),
        };
        // Whatever it finds, it changes nothing and gives nothing away.
        let requests = self.place.twilio.requests();
        assert!(requests.iter().all(|request| request.method == "GET"));
        for secret in [TOKEN, "canary", OURS] {
            assert!(!run.out.contains(secret) && !run.err.contains(secret));
        }
        // Nor does anything have power over the terminal.
        for text in [&run.out, &run.err] {
            assert!(!text.contains(is_powerful), "{text:?}");
        }
        run
    }
}

/// Whether it moves a cursor, or turns the direction of writing.
fn is_powerful(c: char) -> bool {
    let turns = matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || (c.is_control() && c != '\n')
}

/// Words that clear the screen, claim a line of their own, and read backwards.
fn hostile() -> String {
    format!("\u{1b}[2J\r\nready\u{2028}ready\u{202e}{TOKEN} {OURS}\u{7}\" {THEIRS}")
}

#[tokio::test]
async fn ready_is_0_and_says_where_each_number_is_and_what_is_next() {
    let shop = Shop::new().await;
    let run = shop.run(&["+1 415 555 0001", "(415) 555-0002"]).await;
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    for part in [
        "they work: account …0002",
        "+14155550001",
        "+14155550002",
        "22132",
        "on Twilio, in an account of another owner",
        "next: file a snap port",
        "ready (blockers: 0",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    assert!(shop.place.twilio.asked(FakeRoute::Campaigns) > 0);
}

#[tokio::test]
async fn a_file_is_read_as_the_command_line_is() {
    let shop = Shop::new().await;
    let file = std::env::temp_dir().join(format!("snap-port-check-{}.csv", std::process::id()));
    std::fs::write(&file, "name,number\nA,+14155550001\nB,415-555-0002\n").unwrap();
    let run = shop.run(&[file.to_str().unwrap()]).await;
    std::fs::remove_file(&file).unwrap();
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(run.out.contains("+14155550002"), "{}", run.out);
    let run = shop.run(&["no-such-file.csv"]).await;
    assert!(
        run.code == 2 && run.err.contains("cannot be read"),
        "{}",
        run.err
    );
}

#[tokio::test]
async fn a_blocker_is_1() {
    let shop = Shop::new().await;
    let run = shop.run(&["+14155550001", "+14155550077"]).await;
    assert_eq!(run.code, 1, "{}", run.out);
    for part in [
        "not on Twilio",
        "next: this is no snap port",
        "blocker: +14155550077",
        "not ready",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let shop = Shop::new().await;
    shop.place
        .twilio
        .add_account(FakeAccount::new(OURS).token(TOKEN).trial());
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!(run.code, 1, "{}", run.out);
    assert!(run.out.contains("trial account"), "{}", run.out);
}

#[tokio::test]
async fn credentials_that_do_not_work_are_2() {
    let shop = Shop::new().await.with("TWILIO_AUTH_TOKEN", "canary");
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(run.err.contains("20003"), "{}", run.err);
    let shop = Shop::new()
        .await
        .with("TWILIO_BASE_URL", "http://127.0.0.1:9");
    let run = shop.run(&["+14155550001"]).await;
    assert!(
        run.code == 2 && run.err.contains("could not be read"),
        "{}",
        run.err
    );
}

#[tokio::test]
async fn an_api_key_works_as_far_as_it_reaches() {
    let keyed = |main: bool| async move {
        let shop = Shop::new().await.with("TWILIO_AUTH_TOKEN", "");
        let account = FakeAccount::new(OURS).token(TOKEN);
        shop.place.twilio.add_account(if main {
            account.main_key(KEY, "canary")
        } else {
            account.key(KEY, "canary")
        });
        shop.with("TWILIO_API_KEY", KEY)
            .with("TWILIO_API_SECRET", "canary")
    };
    let run = keyed(true).await.run(&["+14155550001"]).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    // Whether the account is active cannot be seen, and that is said.
    let run = keyed(false).await.run(&["+14155550001"]).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    for part in [
        "do not reach the account itself",
        "warning: gaining account",
        "was not seen",
    ] {
        assert!(run.out.contains(part), "{part}: {}", run.out);
    }
    let wrong = keyed(false).await.with("TWILIO_API_SECRET", "canary-2");
    assert_eq!(wrong.run(&["+14155550001"]).await.code, 2);
}

#[tokio::test]
async fn usage_is_2_and_asks_nobody() {
    let shop = Shop::new().await;
    for (arguments, part) in [
        (&[][..], "usage:"),
        (&["--help"][..], "usage:"),
        (&["+1415555000x", "911", "+14155550001"][..], "911"),
        (&["numbers.txt"][..], "numbers.txt: there is no such file"),
        (
            &["+14155550001", "./lists/numbers"][..],
            "there is no such file",
        ),
        (&["415.555.0001", "Cargo.toml"][..], "a file stands alone"),
    ] {
        let run = shop.run(arguments).await;
        assert_eq!((run.code, run.out.as_str()), (2, ""));
        assert!(run.err.contains(part), "{part}: {}", run.err);
    }
    // Every bad line at once.
    let run = shop.run(&["+1415555000x", "911", "+14155550001"]).await;
    assert!(
        run.err.contains("+1415555000x") && run.err.contains("line 2"),
        "{}",
        run.err
    );
    for (name, value) in [
        ("TWILIO_ACCOUNT_SID", ""),
        ("TWILIO_ACCOUNT_SID", "canary"),
        ("TWILIO_AUTH_TOKEN", "  "),
        ("TWILIO_API_KEY", KEY),
        ("TWILIO_API_SECRET", "canary"),
        ("TWILIO_MESSAGING_SERVICE_SID", "canary"),
        ("TWILIO_LOSING_ACCOUNT_SID", "canary"),
        ("TWILIO_BASE_URL", "canary"),
        ("TWILIO_API_URL", "http://example.com"),
        ("TWILIO_NUMBERS_URL", "canary"),
        ("TWILIO_MESSAGING_URL", "canary"),
        ("TWILIO_MONITOR_URL", "canary"),
    ] {
        let shop = Shop::new().await.with(name, value);
        let run = shop.run(&["+14155550001"]).await;
        assert_eq!(run.code, 2, "{name}: {}", run.out);
        assert!(run.err.contains("TWILIO_"), "{name}: {}", run.err);
        assert!(shop.place.twilio.requests().is_empty(), "{name}");
    }
}

#[tokio::test]
async fn the_account_the_numbers_leave_may_be_told() {
    let shop = Shop::new().await;
    let run = shop.run(&["415.555.0001"]).await;
    assert!(run.out.contains("is not given"), "{}{}", run.out, run.err);
    let shop = shop.with("TWILIO_LOSING_ACCOUNT_SID", THEIRS);
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    assert!(!run.out.contains("is not given"), "{}", run.out);
    let shop = shop.with("TWILIO_LOSING_ACCOUNT_SID", OURS);
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!(run.code, 1, "{}{}", run.out, run.err);
}

#[tokio::test]
async fn one_product_may_be_elsewhere() {
    let shop = Shop::new().await;
    let url = shop.place.twilio.url();
    let shop = shop
        .with("TWILIO_BASE_URL", "http://127.0.0.1:9")
        .with("TWILIO_API_URL", &url)
        .with("TWILIO_NUMBERS_URL", &url)
        .with("TWILIO_MESSAGING_URL", &url);
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[tokio::test]
async fn what_an_account_is_called_stays_on_its_line() {
    let shop = Shop::new().await;
    let account = FakeAccount::new(OURS).token(TOKEN);
    let twilio = &shop.place.twilio;
    twilio.add_account(account.friendly_name(hostile()));
    let run = shop.run(&["+14155550001"]).await;
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
    let first = run.out.lines().next().unwrap();
    for part in [
        r#"account …0002, "\u{1b}[2J\r\nready\u{2028}ready\u{202e}[secret] AC…0002"#,
        r#"\u{7}\" AC…0009", Active"#,
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
    assert!(!run.out.contains(THEIRS) && !run.out.contains("\nready\u{2028}"));
}

#[tokio::test]
async fn what_a_server_says_stays_on_its_line() {
    let refused = || async {
        let words = json!({ "code": 20003, "message": hostile(), "status": 401 });
        (StatusCode::UNAUTHORIZED, words.to_string())
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server =
        tokio::spawn(async move { axum::serve(listener, Router::new().fallback(refused)).await });
    let shop = Shop::new().await.with("TWILIO_BASE_URL", &url);
    let run = shop.run(&["+14155550001"]).await;
    server.abort();
    assert_eq!((run.code, run.out.as_str()), (2, ""), "{}", run.err);
    assert!(
        run.err.contains("[2J") && run.err.contains("20003"),
        "{}",
        run.err
    );
    assert!(!run.err.contains(THEIRS), "{}", run.err);
    assert!(
        run.err.lines().all(|line| !line.starts_with("ready")),
        "{}",
        run.err
    );
}

#[tokio::test]
async fn arguments_and_files_are_shown_escaped() {
    let shop = Shop::new().await;
    let odd = format!("/\u{1b}[2J\nready\u{202e}{THEIRS}");
    let file = format!("{odd}.csv");
    let folder = std::env::temp_dir();
    let held = folder.join(format!("snap-port-hostile-{}.csv", std::process::id()));
    std::fs::write(&held, "number\n\u{1b}[2J\u{202e}\u{7}\n").unwrap();
    let held = held.to_str().unwrap().to_owned();
    for arguments in [
        &[file.as_str()][..],
        &["+14155550001", &odd],
        &["+14155550001", "\u{1b}[2J\u{202e}"],
        &[&held],
    ] {
        let run = shop.run(arguments).await;
        assert_eq!(run.code, 2, "{}", run.out);
        assert!(run.err.contains("\\u{1b}[2J"), "{}", run.err);
        assert!(!run.err.contains(THEIRS), "{}", run.err);
        assert!(
            run.err.lines().all(|line| !line.starts_with("ready")),
            "{}",
            run.err
        );
    }
    std::fs::remove_file(held).unwrap();
}
