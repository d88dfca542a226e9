//! What goes over the wire around the calls: headers, pages, waits, limits.

use std::num::{NonZeroU32, NonZeroUsize};
use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use snap_port::testing::{VirtualClock, sample};
use snap_port::twilio::{
    AccountSid, BaseUrls, CredentialSource, Credentials, NewMessage, NoCredentials,
    StaticCredentials, TwilioClient, TwilioClientBuilder,
};
use snap_port::{CarrierErrorKind, CarrierId, Clock, Timer};

use super::scripted::{Reply, Scripted, reply};
use super::world::phone;

fn account() -> AccountSid {
    AccountSid::parse(&format!("AC{}", "0".repeat(32))).unwrap()
}

fn builder(server: &Scripted, clock: &VirtualClock) -> TwilioClientBuilder {
    let credentials =
        StaticCredentials::new().with(account(), Credentials::auth_token(account(), "token"));
    TwilioClient::builder(credentials)
        .base_urls(BaseUrls::all(&server.url).unwrap())
        .timer(clock.clone())
        .seed(7)
}

async fn serve(replies: impl IntoIterator<Item = Reply>) -> (Scripted, TwilioClient, VirtualClock) {
    let server = Scripted::start(replies).await;
    let clock = VirtualClock::at(sample::time());
    let client = builder(&server, &clock).build().unwrap();
    (server, client, clock)
}

fn one_account() -> Reply {
    reply(200, &[], &format!("{{\"sid\":\"{}\"}}", account().as_str()))
}

fn numbers(next: &str) -> Reply {
    let body = format!("{{\"incoming_phone_numbers\":[],\"next_page_uri\":\"{next}\"}}");
    reply(200, &[], &body)
}

fn path() -> String {
    format!(
        "/2010-04-01/Accounts/{}/IncomingPhoneNumbers.json",
        account().as_str()
    )
}

#[tokio::test]
async fn a_call_says_who_calls_and_keeps_no_cookie() {
    let cookie = reply(
        200,
        &[("set-cookie", "a=b")],
        &format!("{{\"sid\":\"{}\"}}", account().as_str()),
    );
    let (server, client, _) = serve([cookie]).await;
    for _ in 0..2 {
        client.account(&account()).await.unwrap();
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 2);
    for request in asked {
        let first = request.lines().next().unwrap();
        assert!(first.starts_with("GET /2010-04-01/Accounts/AC"), "{first}");
        let version = env!("CARGO_PKG_VERSION");
        let lower = request.to_lowercase();
        assert!(lower.contains(&format!("user-agent: snap-port/{version}\r\n")));
        assert!(lower.contains("accept: application/json\r\n"));
        assert!(
            request.contains("Basic QUMwMDAw"),
            "of the account and token"
        );
        assert!(!lower.contains("cookie") && !lower.contains("referer"));
    }
}

#[tokio::test]
async fn a_plus_is_encoded_wherever_a_number_stands() {
    let (server, client, _) = serve([numbers("")]).await;
    let (from, to) = (phone("+14155550100"), phone("+14155550199"));
    let _ = client.portability(from, &account()).await;
    let _ = client.find_number(&account(), from).await;
    let text = NewMessage::new(from, to, "1 + 1");
    let _ = client.send_message(&account(), &text).await;
    let asked = server.asked();
    for (request, part) in asked.iter().zip([
        "/PhoneNumber/%2B14155550100?",
        "?PhoneNumber=%2B14155550100&",
        "From=%2B14155550100&To=%2B14155550199&Body=1+%2B+1",
    ]) {
        assert!(request.contains(part), "{request}");
        // What Twilio puts on its webhooks does nothing on requests.
        assert!(!request.to_lowercase().contains("idempotency"));
    }
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn a_list_that_points_to_another_host_is_not_followed_there() {
    let elsewhere = Scripted::start([numbers("")]).await;
    let other = elsewhere.url.replace("127.0.0.1", "localhost");
    let (server, client, _) = serve([numbers(&format!("{other}{}?Page=1", path()))]).await;
    let error = client.numbers(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    assert_eq!((server.asked().len(), elsewhere.asked().len()), (1, 0));
}

#[tokio::test]
async fn what_twilio_writes_for_itself_is_asked_of_the_base_url() {
    let first = numbers(&format!(
        "https://api.twilio.com{}?Page=1&PageToken=PA1",
        path()
    ));
    let (server, client, _) = serve([first, numbers("")]).await;
    assert!(client.numbers(&account()).await.unwrap().is_empty());
    let asked = server.asked();
    let next = format!("GET {}?Page=1&PageToken=PA1 HTTP", path());
    assert!(asked[1].starts_with(&next), "{}", asked[1]);
}

#[tokio::test]
async fn pages_that_lead_in_a_circle_end() {
    let to = |page| numbers(&format!("{}?Page={page}", path()));
    let (server, client, _) = serve([to(1), to(2), to(1)]).await;
    let error = client.numbers(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    assert!(error.to_string().contains("circle"), "{error}");
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Scripted::start([one_account()]).await;
    let away = reply(302, &[("location", &format!("{}/x", elsewhere.url))], "");
    let (server, client, _) = serve([away]).await;
    let error = client.account(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    assert_eq!((server.asked().len(), elsewhere.asked().len()), (1, 0));
}

#[tokio::test]
async fn an_endless_body_ends() {
    let (_, client, _) = serve([reply(200, &[], &" ".repeat(9 << 20))]).await;
    let error = client.account(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Protocol);
    assert!(error.to_string().contains("8 MB"), "{error}");
}

#[tokio::test]
async fn too_many_is_tried_again_after_the_time_twilio_wishes() {
    let date = [
        ("retry-after", "Tue, 24 Nov 2026 17:45:16 GMT"),
        ("date", "Tue, 24 Nov 2026 17:44:46 GMT"),
    ];
    for (headers, least) in [(&[("retry-after", "20")][..], 20), (&date[..], 30)] {
        let (server, client, clock) = serve([reply(429, headers, ""), one_account()]).await;
        let before = clock.elapsed();
        client.account(&account()).await.unwrap();
        let waited = clock.elapsed() - before;
        assert!(waited >= Duration::from_secs(least), "{waited:?}");
        assert!(waited <= Duration::from_secs(least + 1), "{waited:?}");
        assert_eq!(server.asked().len(), 2);
    }
}

#[tokio::test]
async fn a_wish_for_more_than_a_minute_is_the_callers_to_grant() {
    let (server, client, clock) = serve([reply(429, &[("retry-after", "61")], "")]).await;
    let before = clock.now();
    let error = client.account(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(61)));
    assert_eq!((server.asked().len(), clock.now()), (1, before));
    let carried = error.into_carrier(CarrierId::parse("twilio").unwrap());
    assert_eq!(carried.retry_after(), Some(Duration::from_secs(61)));
}

#[tokio::test]
async fn tries_are_counted_and_their_waits_bounded() {
    let server = Scripted::start([reply(503, &[], "")]).await;
    for retries in [0, 1, 3, 9] {
        let clock = VirtualClock::at(sample::time());
        let client = builder(&server, &clock).retries(retries).build().unwrap();
        let (before, asked) = (clock.elapsed(), server.asked().len());
        client.account(&account()).await.unwrap_err();
        assert_eq!(server.asked().len() - asked, 1 + retries as usize);
        let waited = clock.elapsed() - before;
        assert!(waited <= Duration::from_secs(3) * retries, "{waited:?}");
        assert_eq!(waited > Duration::ZERO, retries > 0);
    }
}

#[tokio::test]
async fn calls_keep_to_the_rate() {
    let server = Scripted::start([one_account()]).await;
    let clock = VirtualClock::at(sample::time());
    let client = builder(&server, &clock)
        .rate(NonZeroU32::new(10).unwrap())
        .build()
        .unwrap();
    let before = clock.elapsed();
    for _ in 0..35 {
        client.account(&account()).await.unwrap();
    }
    let took = clock.elapsed() - before;
    assert!(took >= Duration::from_millis(2400), "{took:?}");
    assert!(took <= Duration::from_millis(2700), "{took:?}");
}

#[tokio::test]
async fn a_dropped_call_gives_its_place_back() {
    let server = Scripted::start([None, one_account()]).await;
    let clock = VirtualClock::at(sample::time());
    let client = builder(&server, &clock)
        .concurrency(NonZeroUsize::MIN)
        .build()
        .unwrap();
    let me = account();
    tokio::select! {
        _ = client.account(&me) => unreachable!("it is never answered"),
        () = server.arrival() => {}
    }
    assert!(client.account(&me).await.is_ok());
}

#[tokio::test]
async fn no_more_calls_are_under_way_than_may_be() {
    let server = Scripted::start([None]).await;
    let clock = VirtualClock::at(sample::time());
    let client = builder(&server, &clock)
        .concurrency(NonZeroUsize::new(2).unwrap())
        .timeout(Duration::from_millis(150))
        .retries(0)
        .build()
        .unwrap();
    let me = account();
    let (three, ()) = tokio::join!(
        async {
            tokio::join!(
                client.account(&me),
                client.account(&me),
                client.account(&me)
            )
        },
        async {
            server.arrival().await;
            while server.asked().len() < 2 {
                tokio::task::yield_now().await;
            }
            // Time enough for a third to come, if it were let.
            for _ in 0..500 {
                tokio::task::yield_now().await;
            }
            assert_eq!(server.asked().len(), 2);
        }
    );
    for result in [three.0, three.1, three.2] {
        assert_eq!(result.unwrap_err().kind(), CarrierErrorKind::Timeout);
    }
    assert_eq!(server.asked().len(), 3);
}

#[tokio::test]
async fn nobody_there_is_unreachable_and_had_no_effect() {
    let (server, client, _) = serve([one_account()]).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let clock = VirtualClock::at(sample::time());
    let nobody = builder(&server, &clock)
        .base_urls(BaseUrls::all(&gone).unwrap())
        .build()
        .unwrap();
    let error = nobody.account(&account()).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unreachable);
    assert!(error.is_retryable() && !error.outcome_unknown());
    let place = gone.strip_prefix("http://").unwrap();
    let said = error.to_string();
    assert!(
        said.ends_with(&format!("no connection to {place}")),
        "{said}"
    );
    drop(client);
}

/// A token that is rotated while a call waits to be tried again.
#[derive(Debug, Default)]
struct Rotating(Mutex<u8>);

#[async_trait]
impl CredentialSource for Rotating {
    async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials> {
        let mut count = self.0.lock().unwrap();
        *count += 1;
        let token = format!("token-{count}");
        Ok(Credentials::auth_token(account.clone(), token))
    }
}

#[tokio::test]
async fn a_try_takes_the_credentials_of_the_moment() {
    let server = Scripted::start([reply(429, &[], ""), one_account()]).await;
    let client = TwilioClient::builder(Rotating::default())
        .base_urls(BaseUrls::all(&server.url).unwrap())
        .timer(VirtualClock::at(sample::time()))
        .build()
        .unwrap();
    client.account(&account()).await.unwrap();
    let asked = server.asked();
    let header = |request: &str| {
        let line = request.lines().find(|line| line.contains("Basic "));
        line.unwrap().to_owned()
    };
    assert_ne!(header(&asked[0]), header(&asked[1]));
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let (server, client, _) = serve([one_account()]).await;
    let stranger = AccountSid::parse(&format!("AC{}", "9".repeat(32))).unwrap();
    let error = client.account(&stranger).await.unwrap_err();
    assert_eq!(error.kind(), CarrierErrorKind::Unauthorized);
    assert!(!error.is_retryable() && !error.outcome_unknown());
    assert!(server.asked().is_empty());
    let said = error.to_string();
    assert!(said.contains("nothing to call …9999 with"), "{said}");
    assert!(
        said.contains("neither an entry nor a parent's token"),
        "{said}"
    );
    assert!(std::error::Error::source(&error).is_none(), "no repetition");
}

/// A vault that is closed.
#[derive(Debug)]
struct Closed;

#[async_trait]
impl CredentialSource for Closed {
    async fn credentials(&self, account: &AccountSid) -> Result<Credentials, NoCredentials> {
        let why = format!("the vault is closed\nfor {}", account.as_str());
        Err(NoCredentials::new(why))
    }
}

#[tokio::test]
async fn why_there_are_no_credentials_is_said() {
    let client = TwilioClient::builder(Closed)
        .base_urls(BaseUrls::all("http://127.0.0.1:9").unwrap())
        .build()
        .unwrap();
    let said = client.account(&account()).await.unwrap_err().to_string();
    assert!(said.contains("the vault is closed for AC…"), "{said}");
    assert!(!said.contains(account().as_str()), "{said}");
}

#[tokio::test]
async fn a_gateways_404_is_no_absence() {
    let gateway = reply(
        404,
        &[("content-type", "text/html")],
        "<html>nothing here</html>",
    );
    let (_, client, _) = serve([gateway]).await;
    let service = format!("MG{}", "0".repeat(32)).parse().unwrap();
    let number = format!("PN{}", "0".repeat(32)).parse().unwrap();
    let found = client.service_number(&account(), &service, &number).await;
    assert_eq!(found.unwrap_err().kind(), CarrierErrorKind::NotFound);
    let removed = client
        .remove_from_service(&account(), &service, &number)
        .await;
    assert!(removed.is_err());
}

#[tokio::test]
async fn https_is_encrypted_and_trusts_only_whom_the_system_trusts() {
    use tokio::io::AsyncReadExt;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let client = TwilioClient::builder(
        StaticCredentials::new().with(account(), Credentials::auth_token(account(), "token")),
    )
    .base_urls(BaseUrls::all(&url).unwrap())
    .timer(VirtualClock::at(sample::time()))
    .retries(0)
    .build();
    // A machine without certificates trusts nobody, and no client is built.
    let Ok(client) = client else { return };
    let me = account();
    let (answer, first) = tokio::join!(client.account(&me), async {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut first = [0; 1];
        stream.read_exact(&mut first).await.unwrap();
        first[0]
    });
    assert_eq!(first, 22, "a TLS handshake");
    assert_eq!(answer.unwrap_err().kind(), CarrierErrorKind::Unreachable);
}
