//! A way to the server that can be cut.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// What happens to the next COMMIT that comes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Next {
    Passes,
    /// It never reaches the server.
    IsLost,
    /// The server has answered it, the answer never arrives.
    LosesItsAnswer,
    /// It and everything after it is swallowed, and nobody hangs up.
    IsSwallowed,
}

/// Listens on loopback and passes everything on to a server.
#[derive(Debug)]
pub(super) struct Proxy {
    url: String,
    next: Arc<AtomicU8>,
}

impl Proxy {
    pub(super) async fn to(url: &str) -> Self {
        let config: Config = url.parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("it is bound").port();
        let user = config.get_user().expect("the address says who");
        let password = config.get_password().map(String::from_utf8_lossy);
        let password = password.map_or(String::new(), |word| format!("password='{word}'"));
        let database = config.get_dbname().expect("the address says which");
        let place = format!("host=127.0.0.1 port={port}");
        let proxied = format!("{place} user={user} dbname={database} {password}");
        let next = Arc::new(AtomicU8::new(Next::Passes as u8));
        let armed = Arc::clone(&next);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(connection(client, config.clone(), Arc::clone(&armed)));
            }
        });
        Self { url: proxied, next }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) fn next_commit(&self, next: Next) {
        self.next.store(next as u8, Ordering::SeqCst);
    }
}

async fn connection(client: TcpStream, config: Config, next: Arc<AtomicU8>) {
    pass(client, upstream(&config).await, next).await;
}

pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Stream for T {}

/// A connection to the server itself.
pub(super) async fn upstream(config: &Config) -> Box<dyn Stream> {
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match config.get_hosts().first() {
        Some(Host::Unix(directory)) => {
            let socket = directory.join(format!(".s.PGSQL.{port}"));
            Box::new(UnixStream::connect(socket).await.expect("the socket"))
        }
        Some(Host::Tcp(name)) => {
            let server = TcpStream::connect((name.as_str(), port)).await;
            Box::new(server.expect("the server"))
        }
        None => panic!("the address says where"),
    }
}

async fn pass(mut client: TcpStream, mut server: Box<dyn Stream>, next: Arc<AtomicU8>) {
    let mut asked = vec![0; 1 << 16];
    let mut answered = vec![0; 1 << 16];
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let Ok(length @ 1..) = read else { return };
                let asked = &asked[..length];
                let mut happens = Next::Passes as u8;
                if asked.windows(7).any(|part| part == b"COMMIT\0") {
                    happens = next.swap(happens, Ordering::SeqCst);
                }
                if happens == Next::IsLost as u8 {
                    return;
                }
                if happens == Next::IsSwallowed as u8 {
                    return std::future::pending().await;
                }
                server.write_all(asked).await.expect("the server takes it");
                if happens == Next::LosesItsAnswer as u8 {
                    let answer = server.read(&mut answered).await;
                    assert!(answer.is_ok_and(|length| length > 0));
                    return;
                }
            }
            read = server.read(&mut answered) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&answered[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
