//! Server and worker together, over real sockets.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusBuilder;
use snap_port::testing::{FakeTwilio, VirtualClock, sample};
use snap_port::{
    DocumentFile, MemoryDocuments, MemoryStore, PortRequestId, PortStore, ProofKind,
    ProofOfOwnership,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::port_desk::halt::Halts;
use super::port_desk::office::{Office, Secrets};
use super::port_desk::options::{Command, Options, Serve};
use super::port_desk::serve::run;
use super::world::TOKEN;

/// What is waited for comes within this, or not at all.
const LONG: Duration = Duration::from_secs(20);

fn options(line: &str) -> Serve {
    let words = line.split_whitespace().map(str::to_owned);
    match Options::parse(words, 7).unwrap().command {
        Command::Serve(serve) => *serve,
        _ => panic!("not served"),
    }
}

fn office(options: &Serve, url: &str) -> Result<Office, String> {
    let secrets = Secrets {
        account: sample::gaining_account().as_str().to_owned(),
        auth_token: "what-twilio-signs-with".to_owned(),
        desk_token: TOKEN.to_owned(),
    };
    let store: Arc<dyn PortStore> = Arc::new(MemoryStore::new());
    let halts = Arc::new(Halts::parse(None).unwrap());
    let metrics = PrometheusBuilder::new().build_recorder().handle();
    let office = Office::furnish(options, &secrets, store, halts, metrics, url);
    office.map_err(|why| why.to_string())
}

async fn asked(url: &str, request: &str) -> String {
    let mut line = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    line.write_all(request.as_bytes()).await.unwrap();
    let mut heard = String::new();
    timeout(LONG, line.read_to_string(&mut heard))
        .await
        .unwrap()
        .unwrap();
    heard
}

#[tokio::test]
async fn it_answers_until_it_is_told_to_stop_and_then_ends() {
    let fake = FakeTwilio::start(VirtualClock::at(sample::time()))
        .await
        .unwrap();
    let options = options(&format!(
        "--store memory: serve --twilio {} --file-with-support --test-line +14155559000 \
         --voice-url https://aloware.example/voice --idle-ms 1 --cadence-ms 1 --tell",
        fake.url()
    ));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let office = office(&options, &url).unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let stopped = async move { drop(stopped.await) };
        run(&office, listener, stopped).await;
    });
    let health = asked(&url, "GET /health HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(health.starts_with("HTTP/1.1 200"), "{health}");
    let bearer = format!("GET /ports HTTP/1.1\r\nhost: x\r\nauthorization: bearer {TOKEN}\r\n\r\n");
    let ports = asked(&url, &bearer).await;
    assert!(ports.ends_with("{\"after\":null,\"ports\":[]}"), "{ports}");
    // Who says nothing does not keep it from stopping.
    let idle = TcpStream::connect(url.trim_start_matches("http://"))
        .await
        .unwrap();
    stop.send(()).unwrap();
    timeout(LONG, served).await.unwrap().unwrap();
    assert!(
        TcpStream::connect(url.trim_start_matches("http://"))
            .await
            .is_err()
    );
    drop(idle);
}

#[tokio::test]
async fn who_does_not_read_the_answer_does_not_keep_it_from_stopping() {
    // More than sockets hold of an answer that nobody reads.
    let size = 16 << 20;
    let bill = vec![b'x'; size];
    let options = options(
        "--store memory: serve --twilio http://127.0.0.1:1 --grace-ms 1 --idle-ms 1 --cadence-ms 1",
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let mut office = office(&options, &format!("http://{address}")).unwrap();
    let id = PortRequestId::parse("acme-1").unwrap();
    let cookie = {
        let app = Arc::get_mut(&mut office.app).unwrap();
        let file = DocumentFile::describe("bill", "bill", &bill).unwrap();
        let kept = MemoryDocuments::new();
        kept.put(file.locator(), bill);
        app.documents = Some(Arc::new(kept));
        let by = sample::admin();
        let started = app
            .desk
            .start(id.clone(), app.carrier.clone(), by.permit().unwrap());
        started.await.unwrap();
        let proof = ProofOfOwnership::new(ProofKind::Bill, file);
        let filled = app.desk.fill(&id, |form| {
            form.add_proof(proof);
        });
        filled.await.unwrap();
        let header = app.gate.cookie(&sample::support());
        header.split(';').next().unwrap().to_owned()
    };
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(async move {
        let stopped = async move { drop(stopped.await) };
        run(&office, listener, stopped).await;
    });
    let mut line = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET /ports/acme-1/documents/0 HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    line.write_all(request.as_bytes()).await.unwrap();
    // The answer has begun, and no more of it is read until the end.
    let mut begins = [0; 12];
    timeout(LONG, line.read_exact(&mut begins))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(&begins, b"HTTP/1.1 200");
    stop.send(()).unwrap();
    timeout(LONG, served).await.unwrap().unwrap();
    let mut rest = Vec::new();
    // It breaks off, with or without an error.
    let _ = timeout(LONG, line.read_to_end(&mut rest)).await.unwrap();
    assert!(rest.len() < size, "sockets held all of it");
}

#[tokio::test]
async fn transfers_are_filed_without_people_at_a_fake_only() {
    for twilio in ["", "--twilio https://twilio.example"] {
        let options = options(&format!(
            "--store memory: serve --file-with-support {twilio}"
        ));
        let refused = office(&options, "http://127.0.0.1:1").err().unwrap();
        assert!(refused.contains("a fake"), "{refused}");
    }
}
