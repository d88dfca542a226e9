//! Server and worker, side by side, until they are told to stop.

use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{FutureExt as _, join};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use metrics_exporter_prometheus::PrometheusBuilder;
use snap_port::{SystemTimer, Timer as _};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::halt::{Halts, VARIABLE, say};
use super::office::{Office, Secrets};
use super::options::Serve;
use super::store;
use super::web::gate::new_token;
use super::web::{App, router};

/// So many connections at once; others wait.
const CONNECTIONS: usize = 512;

/// Serves until the process is told to stop.
pub(crate) async fn serve(options: &Serve, kind: &store::Kind) -> Result<(), Box<dyn Error>> {
    if !options.listen.ip().is_loopback() && !options.anywhere {
        return Err("not a loopback address; say --anywhere if it is meant".into());
    }
    let halts = Arc::new(Halts::parse(std::env::var(VARIABLE).ok().as_deref())?);
    let (desk_token, made) = match std::env::var("PORT_DESK_TOKEN") {
        Ok(token) => (token, false),
        Err(_) => (new_token()?, true),
    };
    let secrets = Secrets {
        account: variable("TWILIO_ACCOUNT_SID")?,
        auth_token: variable("TWILIO_AUTH_TOKEN")?,
        desk_token,
    };
    let metrics = PrometheusBuilder::new().install_recorder()?;
    let store = kind.open().await?;
    let listener = TcpListener::bind(options.listen).await;
    let listener = listener.map_err(|why| format!("cannot listen at {}: {why}", options.listen))?;
    let url = format!("http://{}", listener.local_addr()?);
    let office = Office::furnish(options, &secrets, store, halts, metrics, &url)?;
    if made {
        say(&format!("token {}", secrets.desk_token));
    }
    say(&format!("listening on {url}"));
    run(&office, listener, told_to_stop()).await;
    Ok(())
}

/// Serves and works until `stop`, and then what is under way to its end, for the office's grace.
pub(crate) async fn run(
    office: &Office,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) {
    let stop = stop.shared();
    let timer = SystemTimer::default();
    let work = office.app.desk.run(&office.worker, &timer, stop.clone());
    let answers = answer(listener, Arc::clone(&office.app), stop, office.grace);
    join(answers, work).await;
}

/// Answers until `stop`; who is being answered then may take for `grace` to hear it.
async fn answer(
    listener: TcpListener,
    app: Arc<App>,
    stop: impl Future<Output = ()> + Clone + Send + 'static,
    grace: Duration,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(app.patience)
        .keep_alive(false);
    let app = TowerToHyperService::new(router(app));
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut stopped = pin!(stop.clone());
    loop {
        let next = async {
            let seat = Arc::clone(&room).acquire_owned().await;
            (listener.accept().await, seat)
        };
        let (accepted, seat) = tokio::select! {
            () = &mut stopped => break,
            Some(_) = connections.join_next() => continue,
            next = next => next,
        };
        match accepted {
            Ok((stream, _)) => {
                let connection = http.serve_connection(TokioIo::new(stream), app.clone());
                let stop = stop.clone();
                connections.spawn(async move {
                    let _seat = seat;
                    let mut connection = pin!(connection);
                    // An error is a client that left, or that was too slow.
                    tokio::select! {
                        _ = connection.as_mut() => {}
                        () = stop => {
                            // One that has asked nothing ends at once. One that does not read its
                            // answer would never end.
                            connection.as_mut().graceful_shutdown();
                            let _ = timeout(grace, connection).await;
                        }
                    }
                });
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

/// Ctrl-C, or what a service manager sends.
async fn told_to_stop() {
    let interrupted = async {
        // Without signals it is stopped another way.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                () = interrupted => {}
                _ = terminated.recv() => {}
            }
            return;
        }
    }
    interrupted.await;
}

fn variable(name: &str) -> Result<String, String> {
    // The error of a variable that is no text shows what it is set to.
    std::env::var(name).map_err(|_| format!("{name} is not set, or no text"))
}
