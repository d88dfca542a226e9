//! The socket, the connections, and how they end.

use std::fmt;
use std::future::pending;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming as Body};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, header};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use crate::clock::{Clock, SystemTimer, Timer};
use crate::testing::fake_twilio::callback::courier;
use crate::testing::fake_twilio::wire::answer::{Answer, Body as Content};
use crate::testing::fake_twilio::wire::door::Incoming;
use crate::testing::fake_twilio::wire::fault::Reply;
use crate::testing::fake_twilio::world::World;

/// The most a request's body may hold, bytes.
const BODY_LIMIT: usize = 1024 * 1024;
/// The most of a body that is read at all, bytes.
const PATIENCE: usize = 16 * BODY_LIMIT;

/// Between tries to take a connection that fail.
const PAUSE: Duration = Duration::from_millis(100);

/// What the server and its handles share.
pub(crate) struct Shared {
    world: Mutex<World>,
    clock: Arc<dyn Clock>,
    pub(crate) client: reqwest::Client,
    /// Held while callbacks go out, so that they go out in order.
    pub(crate) sending: tokio::sync::Mutex<()>,
    /// Requests that are not going to be answered, and whose clients wait.
    pub(crate) hanging: AtomicUsize,
}

/// One that waits; it counts until it is dropped.
struct Hanging<'a>(&'a AtomicUsize);

impl<'a> Hanging<'a> {
    fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Hanging<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Shared {
    /// The world; never kept across a wait.
    pub(crate) fn lock(&self) -> MutexGuard<'_, World> {
        // Nothing in here panics between two changes that belong together.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, with everything done that is due.
    pub(crate) fn up_to_date(&self) -> MutexGuard<'_, World> {
        let now = self.clock.now();
        let mut world = self.lock();
        world.catch_up(now);
        world
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let world = self.lock();
        f.debug_struct("Shared")
            .field("base", &world.base)
            .finish_non_exhaustive()
    }
}

/// A server that runs; it ends when this is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) shared: Arc<Shared>,
    accepting: AbortHandle,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Begins to listen at a loopback `address`, inside a tokio runtime.
pub(crate) async fn start(address: SocketAddr, clock: Arc<dyn Clock>) -> io::Result<Server> {
    if !address.ip().is_loopback() {
        let words = format!(
            "{} is no loopback address; a fake listens on none but those",
            address.ip()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, words));
    }
    let client = courier::client().map_err(io::Error::other)?;
    let listener = TcpListener::bind(address).await?;
    let base = format!("http://{}", listener.local_addr()?);
    let world = Mutex::new(World::new(base, clock.now()));
    let sending = tokio::sync::Mutex::new(());
    let shared = Arc::new(Shared {
        world,
        clock,
        client,
        sending,
        hanging: AtomicUsize::new(0),
    });
    let accepting = tokio::spawn(accept(listener, Arc::clone(&shared))).abort_handle();
    Ok(Server { shared, accepting })
}

/// Takes connections. When it is dropped they all end.
async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    let timer = SystemTimer::default();
    loop {
        let accepted = listener.accept().await.map(|(stream, _)| stream);
        if let Some(stream) = taken(accepted, &timer).await {
            connections.spawn(serve(stream, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

/// The connection, if there is one. A try that failed is no reason to stop; the next one waits, as
/// too many files may be open until connections end.
async fn taken<T>(accepted: io::Result<T>, timer: &dyn Timer) -> Option<T> {
    if accepted.is_err() {
        timer.sleep(PAUSE).await;
    }
    accepted.ok()
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    // Without it small answers may wait for the kernel; it works all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| respond(Arc::clone(&shared), request));
    // An error here is a client that left, or a connection cut on purpose.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// The connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("cut")]
struct Cut;

async fn respond(
    shared: Arc<Shared>,
    request: Request<Body>,
) -> Result<Response<Full<Bytes>>, Cut> {
    let incoming = read(request).await.map_err(|Gone| Cut)?;
    let (reply, letters) = {
        let now = shared.clock.now();
        let mut world = shared.lock();
        let reply = world.receive(now, &incoming);
        (reply, !world.outbox.is_empty())
    };
    if letters {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { courier::deliver(&shared).await });
    }
    match reply {
        Reply::Answer(answer) => Ok(response(&answer)),
        Reply::Late(delay, answer) => {
            SystemTimer::default().sleep(delay).await;
            Ok(response(&answer))
        }
        Reply::Hang => {
            // hyper drops this future when the client hangs up.
            let _waiting = Hanging::new(&shared.hanging);
            pending().await
        }
        Reply::Cut => Err(Cut),
    }
}

/// The client left while it was sending.
struct Gone;

async fn read(request: Request<Body>) -> Result<Incoming, Gone> {
    let (head, body) = request.into_parts();
    let text = |name| {
        let value = head.headers.get(name)?;
        value.to_str().ok().map(str::to_owned)
    };
    let (authorization, content_type) = (text(header::AUTHORIZATION), text(header::CONTENT_TYPE));
    let body = whole(body).await?;
    Ok(Incoming {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization,
        content_type,
        body,
    })
}

/// The whole body; `None` if it is larger than is taken. What is too much is read, up to a point, so
/// that the client hears of it and does not just find the connection gone.
async fn whole(mut body: Body) -> Result<Option<Vec<u8>>, Gone> {
    let (mut bytes, mut size) = (Vec::new(), 0_usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Gone)?;
        let data = frame.data_ref().map_or(&[][..], |data| data);
        size = size.saturating_add(data.len());
        if size <= BODY_LIMIT {
            bytes.extend_from_slice(data);
        } else if size > PATIENCE {
            break;
        }
    }
    Ok((size <= BODY_LIMIT).then_some(bytes))
}

fn response(answer: &Answer) -> Response<Full<Bytes>> {
    let mut builder = Response::builder().status(answer.status);
    let kind = match &answer.body {
        Content::Empty => None,
        Content::Json(_) => Some("application/json"),
        Content::Text(kind, _) => Some(*kind),
    };
    let own_kind = answer
        .headers
        .iter()
        .any(|(name, _)| *name == "content-type");
    if let Some(kind) = kind.filter(|_| !own_kind) {
        builder = builder.header("content-type", kind);
    }
    for (name, value) in &answer.headers {
        builder = builder.header(*name, value);
    }
    let bytes = Bytes::from(answer.bytes());
    // A status outside of 100 to 999, which a test may have asked for.
    builder
        .body(Full::new(bytes))
        .unwrap_or_else(|_| Response::new(Full::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{VirtualClock, sample};

    #[tokio::test]
    async fn a_connection_that_cannot_be_taken_is_waited_for() {
        let clock = VirtualClock::at(sample::time());
        let start = clock.elapsed();
        assert_eq!(taken(Ok(7), &clock).await, Some(7));
        assert_eq!(clock.elapsed(), start);
        let full = || Err::<u8, _>(io::Error::other("too many open files"));
        for tries in 1..=3 {
            assert_eq!(taken(full(), &clock).await, None);
            assert_eq!(clock.elapsed() - start, PAUSE * tries);
        }
    }
}
