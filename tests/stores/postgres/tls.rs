//! TLS by a connector of the caller's choice, here rustls, over a way to the server that ends TLS
//! before it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, InvalidDnsNameError, PrivateKeyDer, ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use snap_port::store::postgres::{MakeTlsConnect, NoTls, Socket, TlsConnect};
use snap_port::{PortStore, PostgresSetup, PostgresStore, StoreError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpListener;
use tokio_postgres::Config;
use tokio_postgres::tls::{ChannelBinding, TlsStream};
use tokio_rustls::{TlsAcceptor, TlsConnector, client};

use super::proxy::upstream;
use super::{first, id, row};
use crate::postgres_server;

/// For db.example, made for these tests, good for a hundred years.
const CERTIFICATE: &[u8] = include_bytes!("tls/certificate.pem");
const KEY: &[u8] = include_bytes!("tls/key.pem");

#[derive(Clone)]
struct Rustls(Arc<ClientConfig>);

struct Connect(TlsConnector, ServerName<'static>);

struct Encrypted(client::TlsStream<Socket>);

impl MakeTlsConnect<Socket> for Rustls {
    type Stream = Encrypted;
    type TlsConnect = Connect;
    type Error = InvalidDnsNameError;

    fn make_tls_connect(&mut self, domain: &str) -> Result<Connect, InvalidDnsNameError> {
        let name = ServerName::try_from(domain.to_owned())?;
        Ok(Connect(Arc::clone(&self.0).into(), name))
    }
}

impl TlsConnect<Socket> for Connect {
    type Stream = Encrypted;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted>> + Send>>;

    fn connect(self, socket: Socket) -> Self::Future {
        Box::pin(async move { Ok(Encrypted(self.0.connect(self.1, socket).await?)) })
    }
}

impl TlsStream for Encrypted {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl AsyncWrite for Encrypted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

/// A time at which the certificate is good, whatever the machine thinks.
#[derive(Debug)]
struct Then;

impl TimeProvider for Then {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(
            2_000_000_000,
        )))
    }
}

fn certificate() -> CertificateDer<'static> {
    CertificateDer::from_pem_slice(CERTIFICATE).expect("a certificate")
}

fn trusting(roots: RootCertStore) -> Rustls {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_details(provider, Arc::new(Then))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    Rustls(Arc::new(config))
}

/// Offers TLS where `offers` says so, ends it, and passes on to the server.
async fn listen(url: &str, offers: bool) -> u16 {
    let to: Config = url.parse().expect("an address");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = PrivateKeyDer::from_pem_slice(KEY).expect("a key");
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate()], key)
        .expect("they fit");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("it is bound").port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (to, acceptor) = (to.clone(), acceptor.clone());
            tokio::spawn(async move {
                let mut asked = [0; 8];
                client.read_exact(&mut asked).await?;
                assert_eq!(asked, [0, 0, 0, 8, 4, 210, 22, 47], "TLS is asked for");
                client.write_all(if offers { b"S" } else { b"N" }).await?;
                if offers {
                    let mut client = acceptor.accept(client).await?;
                    let mut server = upstream(&to).await;
                    tokio::io::copy_bidirectional(&mut client, &mut server).await?;
                }
                io::Result::Ok(())
            });
        }
    });
    port
}

#[tokio::test]
async fn a_store_speaks_tls_with_whom_its_connector_trusts_and_nobody_else() {
    let Some(server) = postgres_server::shared() else {
        return;
    };
    let database = server.database().await;
    let port = listen(database.url(), true).await;
    let config: Config = database.url().parse().expect("an address");
    let (user, name) = (config.get_user().unwrap(), config.get_dbname().unwrap());
    let password = config.get_password().map(String::from_utf8_lossy);
    let password = password.map_or(String::new(), |password| format!("password='{password}'"));
    let through = |port: u16| {
        let place = format!("host=db.example hostaddr=127.0.0.1 port={port} sslmode=require");
        let setup = format!("{place} user={user} dbname={name} {password}");
        PostgresSetup::parse(&setup).expect("an address")
    };
    let mut roots = RootCertStore::empty();
    roots.add(certificate()).expect("a root");
    let trusting_it = trusting(roots);
    let store = PostgresStore::connect_with(&through(port), trusting_it.clone()).await;
    let store = store.expect("TLS");
    store.commit(&[first(row("a", &[1]))]).await.expect("free");
    assert!(store.get(&id("a")).await.expect("TLS").is_some());

    let unreachable = |refused: Result<PostgresStore, StoreError>| {
        assert!(
            matches!(refused, Err(StoreError::Unreachable(_))),
            "{refused:?}"
        );
    };
    let nobody = trusting(RootCertStore::empty());
    unreachable(PostgresStore::connect_with(&through(port), nobody).await);
    unreachable(PostgresStore::connect_with(&through(port), NoTls).await);
    let plain = listen(database.url(), false).await;
    unreachable(PostgresStore::connect_with(&through(plain), trusting_it).await);
}
