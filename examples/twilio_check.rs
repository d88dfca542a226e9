//! What to run first: do the credentials work, and would a snap port of these numbers go through?
//!
//! ```text
//! export TWILIO_ACCOUNT_SID=AC...          # the account the numbers are to move to
//! export TWILIO_AUTH_TOKEN=...             # or TWILIO_API_KEY=SK... and TWILIO_API_SECRET=...
//! export TWILIO_MESSAGING_SERVICE_SID=MG... # if they are to text
//! export TWILIO_LOSING_ACCOUNT_SID=AC...   # the account they leave, if it is known
//! cargo run --example twilio_check -- "+1 415 555 2671" "(415) 555-2672"
//! cargo run --example twilio_check -- numbers.csv
//! ```
//!
//! It prints whose credentials they are, where each number is and what to do next, and what else
//! stands in the way. It changes nothing at Twilio. A standard API key may not read the account
//! itself: whether it is active, and no trial account, is a warning then, and for you to look at in
//! the console. The auth token and a main API key see it. Numbers without a country code are read
//! as of the United States. What comes from elsewhere, Twilio's words too, is shown escaped, and
//! accounts masked.
//!
//! For another Twilio than the real one (the example `fake_twilio`, a proxy) there are
//! `TWILIO_BASE_URL` for all products, and `TWILIO_API_URL`, `TWILIO_NUMBERS_URL`,
//! `TWILIO_MESSAGING_URL` and `TWILIO_MONITOR_URL` for one.
//!
//! | exit code | |
//! |---|---|
//! | 0 | ready: file the transfer request |
//! | 1 | something blocks |
//! | 2 | nothing could be checked: usage, credentials, or Twilio is out of reach |

mod shown;

use std::error::Error;
use std::fmt::Display;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use snap_port::twilio::{
    AccountSid, ApiKeySid, BaseUrls, Credentials, InvalidBaseUrl, Preflight, PreflightAsk,
    ServiceSid, StaticCredentials, TwilioCarrier, TwilioClient,
};
use snap_port::{
    AccountId, CarrierErrorKind, GainingPlatform, ListError, NumberList, PhoneNumber, Region,
};

use shown::Shown;

const USAGE: &str = "usage: twilio_check NUMBER... | FILE.csv
  TWILIO_ACCOUNT_SID            the account the numbers are to move to
  TWILIO_AUTH_TOKEN             its auth token; or else
  TWILIO_API_KEY, TWILIO_API_SECRET
                                a standard key does not see whether the account is active or a
                                trial account: that is a warning then
  TWILIO_LOSING_ACCOUNT_SID     the account they leave (optional)
  TWILIO_MESSAGING_SERVICE_SID  the messaging service they are to join (optional)
  TWILIO_BASE_URL               another Twilio (optional), or for one product
  TWILIO_API_URL, TWILIO_NUMBERS_URL, TWILIO_MESSAGING_URL, TWILIO_MONITOR_URL";

/// Why nothing could be checked.
type Stop = Box<dyn Error>;

/// What a variable of the environment is set to.
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let environment = |name: &str| std::env::var(name).ok();
    let (mut out, mut err) = (std::io::stdout(), std::io::stderr());
    ExitCode::from(run(&arguments, &environment, &mut out, &mut err).await)
}

/// The exit code.
pub(crate) async fn run(
    arguments: &[String],
    environment: Environment<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    match check(arguments, environment, out).await {
        Ok(true) => 0,
        Ok(false) => 1,
        Err(why) => {
            for line in why.to_string().lines() {
                // There is nobody left to tell if this fails too.
                let _ = writeln!(err, "{}", Shown(line));
            }
            2
        }
    }
}

/// Whether nothing blocks.
async fn check(
    arguments: &[String],
    environment: Environment<'_>,
    out: &mut dyn Write,
) -> Result<bool, Stop> {
    let numbers = numbers(arguments)?;
    let asked = Asked::of(environment)?;
    let client = TwilioClient::builder(asked.credentials)
        .base_urls(asked.urls)
        .build()?;
    let whose = whose(&client, &asked.account, asked.by_key, numbers.first()).await?;
    // A name can be anything, even what is not to be shown.
    let whose = whose.replace(&asked.secret, "[secret]");
    writeln!(out, "credentials  {whose}\n")?;

    // The name would stand in a transfer request; none is filed here.
    let us = GainingPlatform::new("twilio_check", "-")?;
    let carrier = TwilioCarrier::builder(client, us).build();
    let mut ask = PreflightAsk::new(numbers, AccountId::from(asked.account));
    if let Some(losing) = asked.losing {
        ask = ask.with_losing(losing.into());
    }
    if let Some(service) = asked.service {
        ask = ask.with_messaging(service.into());
    }
    let found = carrier.preflight(&ask).await;
    show(&found, out)?;
    Ok(found.is_ready())
}

/// The numbers on the command line, or in the one file it names.
fn numbers(arguments: &[String]) -> Result<NumberList, Stop> {
    let home = Some(Region::US);
    let read = match arguments {
        [] => return Err(USAGE.into()),
        [one] if one == "--help" || one == "-h" => return Err(USAGE.into()),
        [file] if Path::new(file).is_file() || file.to_ascii_lowercase().ends_with(".csv") => {
            let bytes = std::fs::read(file)
                .map_err(|error| format!("{} cannot be read: {error}\n\n{USAGE}", Shown(file)))?;
            NumberList::from_csv_bytes(&bytes, home)
        }
        numbers => {
            let read = NumberList::parse(&numbers.join("\n"), home);
            if read.is_err()
                && let Some(file) = numbers.iter().find(|text| is_file_name(text))
            {
                let why = if Path::new(file).is_file() {
                    "a file stands alone"
                } else {
                    "there is no such file"
                };
                return Err(format!("{}: {why}\n\n{USAGE}", Shown(file)).into());
            }
            read
        }
    };
    read.map_err(|error| bad_lines(&error).into())
}

/// Numbers are written with dots and slashes too, but without letters.
fn is_file_name(text: &str) -> bool {
    text.contains(['.', '/']) && text.chars().any(char::is_alphabetic)
}

/// Every bad line at once.
fn bad_lines(error: &ListError) -> String {
    let mut text = error.problem().to_string();
    for line in error.lines() {
        text.push_str(&format!("\n  {}", Shown(line)));
    }
    if let more @ 1.. = error.bad_lines().saturating_sub(error.lines().len()) {
        text.push_str(&format!("\n  and {more} more"));
    }
    text
}

/// What the environment says.
struct Asked {
    account: AccountSid,
    credentials: StaticCredentials,
    secret: String,
    by_key: bool,
    losing: Option<AccountSid>,
    service: Option<ServiceSid>,
    urls: BaseUrls,
}

impl Asked {
    fn of(environment: Environment<'_>) -> Result<Self, Stop> {
        let account = required(environment, "TWILIO_ACCOUNT_SID")?;
        let account = AccountSid::parse(&account).map_err(wrong("TWILIO_ACCOUNT_SID"))?;
        let (by_key, credentials, secret) = credentials(environment, &account)?;
        let losing = set(environment, "TWILIO_LOSING_ACCOUNT_SID")
            .map(|sid| AccountSid::parse(&sid).map_err(wrong("TWILIO_LOSING_ACCOUNT_SID")))
            .transpose()?;
        let service = set(environment, "TWILIO_MESSAGING_SERVICE_SID")
            .map(|sid| ServiceSid::parse(&sid).map_err(wrong("TWILIO_MESSAGING_SERVICE_SID")))
            .transpose()?;
        Ok(Self {
            credentials: StaticCredentials::new().with(account.clone(), credentials),
            account,
            secret,
            by_key,
            losing,
            service,
            urls: urls(environment)?,
        })
    }
}

/// Whether they are an API key, they, and what is secret of them.
fn credentials(
    environment: Environment<'_>,
    account: &AccountSid,
) -> Result<(bool, Credentials, String), Stop> {
    let key = set(environment, "TWILIO_API_KEY");
    match (key, set(environment, "TWILIO_API_SECRET")) {
        (Some(key), Some(secret)) => {
            let key = ApiKeySid::parse(&key).map_err(wrong("TWILIO_API_KEY"))?;
            Ok((true, Credentials::api_key(key, secret.clone()), secret))
        }
        (Some(_), None) => Err(missing("TWILIO_API_SECRET").into()),
        (None, Some(_)) => Err(missing("TWILIO_API_KEY").into()),
        (None, None) => {
            let token = required(environment, "TWILIO_AUTH_TOKEN")?;
            let credentials = Credentials::auth_token(account.clone(), token.clone());
            Ok((false, credentials, token))
        }
    }
}

fn urls(environment: Environment<'_>) -> Result<BaseUrls, Stop> {
    type With = fn(BaseUrls, &str) -> Result<BaseUrls, InvalidBaseUrl>;
    let settings: [(&'static str, With); 5] = [
        ("TWILIO_BASE_URL", |_, url| BaseUrls::all(url)),
        ("TWILIO_API_URL", BaseUrls::with_api),
        ("TWILIO_NUMBERS_URL", BaseUrls::with_numbers),
        ("TWILIO_MESSAGING_URL", BaseUrls::with_messaging),
        ("TWILIO_MONITOR_URL", BaseUrls::with_monitor),
    ];
    let mut urls = BaseUrls::default();
    for (name, with) in settings {
        if let Some(url) = set(environment, name) {
            urls = with(urls, &url).map_err(wrong(name))?;
        }
    }
    Ok(urls)
}

/// A variable that is blank is not set.
fn set(environment: Environment<'_>, name: &str) -> Option<String> {
    let value = environment(name)?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}

fn required(environment: Environment<'_>, name: &str) -> Result<String, String> {
    set(environment, name).ok_or_else(|| missing(name))
}

fn missing(name: &str) -> String {
    format!("{name} is not set\n\n{USAGE}")
}

/// The value itself is not shown: a token may have slipped into the wrong variable.
fn wrong<E: Display>(name: &'static str) -> impl Fn(E) -> String {
    move |why| format!("{name}: {}", Shown(why))
}

/// Whose credentials they are, if they are anybody's.
async fn whose(
    client: &TwilioClient,
    account: &AccountSid,
    by_key: bool,
    number: PhoneNumber,
) -> Result<String, Stop> {
    let masked = AccountId::from(account).masked();
    let error = match client.account(account).await {
        Ok(found) => {
            let (name, status) = (found.friendly_name, found.status);
            let found = format!("they work: account {masked}, {name:?}, {status:?}");
            return Ok(Shown(found).to_string());
        }
        Err(error) => error,
    };
    // A standard API key does not reach the account itself: ask for something it reaches.
    if by_key
        && error.kind() == CarrierErrorKind::Unauthorized
        && client.find_number(account, number).await.is_ok()
    {
        return Ok(format!(
            "they work for account {masked}, but do not reach the account itself: whether it is \
             active, and no trial account, is not seen"
        ));
    }
    let error = Shown(error);
    Err(format!("credentials  account {masked} could not be read\n{error}").into())
}

/// Where each number is, and what else was found.
fn show(found: &Preflight, out: &mut dyn Write) -> io::Result<()> {
    for number in found.numbers() {
        writeln!(out, "{}", Shown(number))?;
        if let Some(verdict) = number.verdict() {
            writeln!(out, "                 next: {}", verdict.next_step())?;
        }
    }
    writeln!(out)?;
    for finding in found.findings() {
        writeln!(out, "{}", Shown(finding))?;
    }
    let ready = if found.is_ready() {
        "ready"
    } else {
        "not ready"
    };
    let (blockers, warnings) = (found.blockers().count(), found.warnings().count());
    writeln!(
        out,
        "\n{ready} (blockers: {blockers}, warnings: {warnings})"
    )
}
