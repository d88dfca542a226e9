//! The command line.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;
use snap_port::{PhoneNumber, PortRequestId, Region, WorkerId, Zone};

use super::store;

pub(crate) const USAGE: &str = "usage: port_desk --store memory:|sqlite:PATH|postgres://... COMMAND
  serve [--listen 127.0.0.1:8643] [--twilio URL] [more; see the example's docs]
  import FILE.csv [--request ID] [--at-most N] [--region US] [--by NAME]
  status
  timeline ID";

/// Everything the command line says.
pub(crate) struct Options {
    pub(crate) store: store::Kind,
    pub(crate) verbose: bool,
    pub(crate) command: Command,
}

pub(crate) enum Command {
    Serve(Box<Serve>),
    Import(Import),
    Status,
    Timeline(PortRequestId),
}

/// What a desk that serves is told.
#[derive(Clone)]
pub(crate) struct Serve {
    pub(crate) listen: SocketAddr,
    /// May it listen where others than this machine reach it?
    pub(crate) anywhere: bool,
    /// How people and Twilio reach it; where it listens, if nothing is said.
    pub(crate) public_url: Option<String>,
    /// All of Twilio's products; Twilio itself, if nothing is said.
    pub(crate) twilio: Option<String>,
    pub(crate) file_with_support: bool,
    pub(crate) documents: Option<PathBuf>,
    pub(crate) platform: String,
    pub(crate) contact: String,
    pub(crate) zone: Zone,
    pub(crate) test_line: Option<PhoneNumber>,
    pub(crate) voice_url: Option<String>,
    pub(crate) worker: WorkerId,
    pub(crate) lease: Option<TimeDelta>,
    pub(crate) cadence: Option<TimeDelta>,
    pub(crate) idle: Option<Duration>,
    pub(crate) grace: Option<Duration>,
    pub(crate) tell: bool,
}

/// What an import is told.
pub(crate) struct Import {
    pub(crate) file: PathBuf,
    pub(crate) request: Option<PortRequestId>,
    pub(crate) at_most: Option<usize>,
    pub(crate) region: Option<Region>,
    pub(crate) by: String,
}

impl Options {
    /// Reads the arguments; `process` is this process's number, for the worker's name.
    pub(crate) fn parse(
        mut given: impl Iterator<Item = String>,
        process: u32,
    ) -> Result<Self, String> {
        let mut words = Vec::new();
        let (mut store, mut verbose) = (None, false);
        let mut serve = Serve::new(process)?;
        let mut import = Import {
            file: PathBuf::new(),
            request: None,
            at_most: None,
            region: None,
            by: "import".to_owned(),
        };
        // The options of one command, where another was meant, are a mistake.
        let (mut of_serve, mut of_import) = (None, None);
        while let Some(argument) = given.next() {
            let option = argument.clone();
            let mut value = || given.next().ok_or(format!("{option} needs a value"));
            match argument.as_str() {
                "--store" => store = Some(store::Kind::parse(&value()?)?),
                "--verbose" => verbose = true,
                "--request" | "--at-most" | "--region" | "--by" => {
                    import.option(&argument, value()?)?;
                    of_import = Some(argument);
                }
                flag if serve.flag(flag) => of_serve = Some(argument),
                option if option.starts_with("--") => {
                    serve.option(option, &mut value)?;
                    of_serve = Some(argument);
                }
                _ => words.push(argument),
            }
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let command = match words[..] {
            ["serve"] => Command::Serve(Box::new(serve)),
            ["import", file] => {
                import.file = PathBuf::from(file);
                Command::Import(import)
            }
            ["status"] => Command::Status,
            ["timeline", id] => {
                Command::Timeline(PortRequestId::parse(id).map_err(|why| why.to_string())?)
            }
            _ => return Err(USAGE.to_owned()),
        };
        let strange = match command {
            Command::Serve(_) => of_import,
            Command::Import(_) => of_serve,
            Command::Status | Command::Timeline(_) => of_serve.or(of_import),
        };
        if let Some(option) = strange {
            return Err(format!("{option} is for another command\n{USAGE}"));
        }
        let store = store.ok_or_else(|| format!("--store is missing\n{USAGE}"))?;
        if !store.outlives_the_process() && !matches!(command, Command::Serve(_)) {
            return Err("memory: is empty at the start of each command; \
                 give --store sqlite:PATH or --store postgres://..."
                .to_owned());
        }
        Ok(Self {
            store,
            verbose,
            command,
        })
    }
}

impl Serve {
    fn new(process: u32) -> Result<Self, String> {
        let said = |why: &dyn std::fmt::Display| why.to_string();
        Ok(Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8643)),
            anywhere: false,
            public_url: None,
            twilio: None,
            file_with_support: false,
            documents: None,
            platform: "Aloware".to_owned(),
            contact: "transfers@aloware.example".to_owned(),
            zone: Zone::parse("America/New_York").map_err(|why| said(&why))?,
            test_line: None,
            voice_url: None,
            worker: WorkerId::parse(&format!("port_desk-{process}")).map_err(|why| said(&why))?,
            lease: None,
            cadence: None,
            idle: None,
            grace: None,
            tell: false,
        })
    }

    /// Whether it is one of those without a value.
    fn flag(&mut self, option: &str) -> bool {
        match option {
            "--anywhere" => self.anywhere = true,
            "--file-with-support" => self.file_with_support = true,
            "--tell" => self.tell = true,
            _ => return false,
        }
        true
    }

    fn option(
        &mut self,
        option: &str,
        value: &mut dyn FnMut() -> Result<String, String>,
    ) -> Result<(), String> {
        let wrong = |why: &dyn std::fmt::Display| format!("{option}: {why}");
        match option {
            "--listen" => {
                let read = value()?.parse();
                self.listen = read.map_err(|_| wrong(&"write it as 127.0.0.1:8643"))?;
            }
            "--public-url" => {
                let url = value()?.trim_end_matches('/').to_owned();
                if !url.starts_with("http://") && !url.starts_with("https://") {
                    return Err(wrong(&"it begins with https:// or http://"));
                }
                self.public_url = Some(url);
            }
            "--twilio" => self.twilio = Some(value()?.trim_end_matches('/').to_owned()),
            "--documents" => self.documents = Some(PathBuf::from(value()?)),
            "--platform" => self.platform = value()?,
            "--contact" => self.contact = value()?,
            "--zone" => self.zone = Zone::parse(&value()?).map_err(|why| wrong(&why))?,
            "--test-line" => {
                let number = PhoneNumber::from_e164(&value()?);
                self.test_line = Some(number.map_err(|why| wrong(&why))?);
            }
            "--voice-url" => self.voice_url = Some(value()?),
            "--worker" => self.worker = WorkerId::parse(&value()?).map_err(|why| wrong(&why))?,
            "--lease-ms" => self.lease = Some(span(&value()?).map_err(|why| wrong(&why))?),
            "--cadence-ms" => self.cadence = Some(span(&value()?).map_err(|why| wrong(&why))?),
            "--idle-ms" | "--grace-ms" => {
                let span = span(&value()?).map_err(|why| wrong(&why))?;
                let span = Some(span.to_std().map_err(|why| wrong(&why))?);
                match option {
                    "--idle-ms" => self.idle = span,
                    _ => self.grace = span,
                }
            }
            _ => return Err(format!("there is no option {option}\n{USAGE}")),
        }
        Ok(())
    }
}

impl Import {
    fn option(&mut self, option: &str, value: String) -> Result<(), String> {
        let wrong = |why: &dyn std::fmt::Display| format!("{option}: {why}");
        match option {
            "--request" => {
                let id = PortRequestId::parse(&value).map_err(|why| wrong(&why))?;
                self.request = Some(id);
            }
            "--at-most" => {
                let most = value.parse().ok().filter(|most| *most > 0);
                self.at_most = Some(most.ok_or_else(|| wrong(&"a whole number from 1 on"))?);
            }
            "--region" => self.region = Some(Region::new(&value).map_err(|why| wrong(&why))?),
            _ => self.by = value,
        }
        Ok(())
    }
}

/// Milliseconds, at least one.
fn span(text: &str) -> Result<TimeDelta, &'static str> {
    let read = text.parse().ok().filter(|ms| *ms > 0);
    let read = read.and_then(TimeDelta::try_milliseconds);
    read.ok_or("a whole number of milliseconds, from 1 on")
}
