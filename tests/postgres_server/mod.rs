//! A PostgreSQL server for tests: one of its own from the installed binaries, or the one that
//! `SNAP_PORT_TEST_POSTGRES` says.
//!
//! A server of its own is private (a directory and a socket of its own, no port), never runs as
//! root, and ends with the process that started it, however that ends: a guard waits at the other
//! end of a pipe, and when the pipe is closed it stops the server and removes the directory.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

/// The server that all tests of this process share. `None` means that this test is skipped, which
/// is said on standard error past the test harness; it panics where `SNAP_PORT_REQUIRE_POSTGRES` is
/// set.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    let server = SERVER.get_or_init(|| match env::var("SNAP_PORT_TEST_POSTGRES") {
        Ok(url) => Some(Server::at(url)),
        Err(_) => Server::start(),
    });
    server.as_ref().or_else(skipped)
}

/// A server that this test may stop and start, or a skipped test as for [`shared`].
#[allow(dead_code, reason = "not every test program stops its server")]
pub(crate) fn own() -> Option<Server> {
    Server::start().or_else(skipped)
}

fn skipped<T>() -> Option<T> {
    let why = "PostgreSQL's initdb and pg_ctl are neither in PATH nor below /usr/lib/postgresql, \
               and SNAP_PORT_TEST_POSTGRES does not help";
    assert!(env::var_os("SNAP_PORT_REQUIRE_POSTGRES").is_none(), "{why}");
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Not by `eprintln!`, which nobody sees of a test that passes.
    let said = writeln!(std::io::stderr(), "\n!!! SKIPPED {test}: {why}\n");
    said.expect("standard error takes a line");
    None
}

/// A PostgreSQL server.
#[derive(Debug)]
pub(crate) struct Server {
    /// With a database that is there.
    url: String,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    directory: PathBuf,
    binaries: PathBuf,
    /// Ends when its standard input does.
    guard: Child,
}

/// Makes the cluster, starts the server, says so, and waits until its input ends.
const GUARD: &str = r#"
    directory=$1 binaries=$2; shift 2
    trap '' HUP INT TERM
    user="$*"
    make() {
        $user "$binaries/initdb" --pgdata="$directory/data" --username=postgres --auth=trust \
            --encoding=UTF8 --locale=C --no-sync "$@"
    }
    {
        # By the rules of a language, where the server can: names must sort by their bytes all the same.
        { make --locale-provider=icu --icu-locale=en || make; } &&
        printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$directory'" \
            "fsync = on" "max_connections = 200" "shared_buffers = 32MB" \
            >>"$directory/data/postgresql.conf" &&
        $user "$binaries/pg_ctl" start --wait --pgdata="$directory/data" --log="$directory/log"
    } </dev/null >"$directory/setup" 2>&1 && echo ready || { cat "$directory/setup"; echo failed; }
    exec >/dev/null
    cat
    $user "$binaries/pg_ctl" stop --wait --mode=immediate --pgdata="$directory/data" </dev/null
    rm -rf "$directory"
"#;

impl Server {
    fn at(url: String) -> Self {
        Self { url, own: None }
    }

    fn start() -> Option<Self> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let binaries = binaries()?;
        let started = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("snap-port-{}-{started}", std::process::id());
        let directory = env::temp_dir().join(name);
        fs::create_dir(&directory).expect("a new directory for the server");
        let closed = fs::Permissions::from_mode(0o700);
        fs::set_permissions(&directory, closed).expect("the directory is ours");
        let user = unprivileged();
        if let Some((user, group)) = user {
            chown(&directory, Some(user), Some(group)).expect("root gives things away");
        }
        let mut guard = Command::new("/bin/sh")
            .args(["-c", GUARD, "guard"])
            .args([&directory, &binaries])
            .args(as_user(user))
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("there is a shell");
        let output = guard.stdout.take().expect("its output is a pipe");
        let lines: Vec<_> = BufReader::new(output)
            .lines()
            .map_while(Result::ok)
            .collect();
        let ready = lines.last().is_some_and(|line| line == "ready");
        assert!(ready, "the server did not start:\n{}", lines.join("\n"));
        let socket = directory.display().to_string().replace('/', "%2F");
        Some(Self {
            url: format!("postgres://postgres@{socket}/postgres"),
            own: Some(Own {
                directory,
                binaries,
                guard,
            }),
        })
    }

    /// Stops the server as an administrator does in a hurry: whoever is connected is cut off.
    #[allow(dead_code, reason = "not every test program stops its server")]
    pub(crate) fn stop(&self) {
        self.control(&["stop", "--mode=fast"]);
    }

    /// Starts it again.
    #[allow(dead_code, reason = "not every test program stops its server")]
    pub(crate) fn start_again(&self) {
        let own = self.own.as_ref().expect("only an own server is stopped");
        let log = format!("--log={}", own.directory.join("log").display());
        self.control(&["start", &log]);
    }

    fn control(&self, what: &[&str]) {
        let own = self.own.as_ref().expect("only an own server is stopped");
        let mut command = as_user(unprivileged());
        command.push(own.binaries.join("pg_ctl").display().to_string());
        let status = Command::new(&command[0])
            .args(&command[1..])
            .args(what)
            .arg("--wait")
            .arg(format!("--pgdata={}", own.directory.join("data").display()))
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status()
            .expect("pg_ctl runs");
        assert!(status.success(), "pg_ctl {what:?}");
    }

    /// A new, empty database.
    pub(crate) async fn database(&self) -> Database {
        let name = unused_name();
        let made = format!("CREATE DATABASE {name}");
        self.made(&made).await;
        Database {
            url: with_database(&self.url, &name),
            remove: self.removed(format!("DROP DATABASE {name} WITH (FORCE)")),
        }
    }

    /// A new, empty schema in a database that others use too: made and gone much sooner.
    #[allow(dead_code, reason = "not every test program shares a database")]
    pub(crate) async fn schema(&self) -> Database {
        let name = unused_name();
        self.made(&format!("CREATE SCHEMA {name}")).await;
        Database {
            url: with_option(&self.url, &format!("-csearch_path%3D{name}")),
            remove: self.removed(format!("DROP SCHEMA {name} CASCADE")),
        }
    }

    async fn made(&self, sql: &str) {
        let made = connect(&self.url).await.batch_execute(sql).await;
        made.expect("the test server lets us make databases and schemas");
    }

    /// What is to be undone on a server that stays.
    fn removed(&self, sql: String) -> Option<(String, String)> {
        self.own.is_none().then(|| (self.url.clone(), sql))
    }
}

fn unused_name() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let made = MADE.fetch_add(1, Ordering::Relaxed);
    format!("snap_port_test_{}_{made}", std::process::id())
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(own) = &mut self.own {
            drop(own.guard.stdin.take());
            // A guard that is gone has nothing left to say.
            let _ = own.guard.wait();
        }
    }
}

/// A database for one test, or a schema in one.
#[derive(Debug)]
pub(crate) struct Database {
    url: String,
    /// How it goes, on a server that stays.
    remove: Option<(String, String)>,
}

impl Database {
    /// Its address.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A connection to it, to look and to meddle.
    #[allow(dead_code, reason = "not every test program meddles")]
    pub(crate) async fn client(&self) -> Client {
        connect(&self.url).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some((url, sql)) = self.remove.take() else {
            return;
        };
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            runtime.block_on(async { connect(&url).await.batch_execute(&sql).await })
        });
        // The test has its verdict already.
        let _ = dropped.join();
    }
}

async fn connect(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls)
        .await
        .expect("the test server lets us in");
    tokio::spawn(connection);
    client
}

fn with_database(url: &str, name: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return format!("{url} dbname={name}");
    };
    let (rest, options) = match rest.split_once('?') {
        Some((rest, options)) => (rest, format!("?{options}")),
        None => (rest, String::new()),
    };
    let server = rest.split('/').next().unwrap_or_default();
    format!("{scheme}://{server}/{name}{options}")
}

/// The address with a command line option for its sessions, percent-encoded.
pub(crate) fn with_option(url: &str, option: &str) -> String {
    if url.contains("://") {
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}options={option}")
    } else {
        format!("{url} options={}", option.replace("%3D", "="))
    }
}

/// The directory of the installed binaries: those in PATH, or else the newest of Debian's.
fn binaries() -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let in_path = env::split_paths(&path)
        .filter_map(|directory| fs::canonicalize(directory.join("initdb")).ok())
        .filter_map(|initdb| initdb.parent().map(Path::to_owned));
    let version = |directory: &PathBuf| directory.file_name()?.to_str()?.parse::<u32>().ok();
    let mut debian: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    debian.sort_by_key(|directory| std::cmp::Reverse(version(directory)));
    in_path
        .chain(debian.into_iter().map(|directory| directory.join("bin")))
        .find(|directory| {
            ["initdb", "pg_ctl", "postgres"]
                .iter()
                .all(|name| directory.join(name).is_file())
        })
}

/// Who the server runs as where the tests run as root: PostgreSQL refuses to.
fn unprivileged() -> Option<(u32, u32)> {
    (id("-u", None)? == 0).then(|| {
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some((id("-u", Some(name))?, id("-g", Some(name))?)))
            .expect("there is a user postgres or nobody")
    })
}

fn id(what: &str, of: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(what).args(of).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// What to write before a command so that it runs as that user.
fn as_user(user: Option<(u32, u32)>) -> Vec<String> {
    match user {
        Some((user, group)) => vec![
            "setpriv".to_owned(),
            format!("--reuid={user}"),
            format!("--regid={group}"),
            "--clear-groups".to_owned(),
        ],
        None => vec!["env".to_owned()],
    }
}
