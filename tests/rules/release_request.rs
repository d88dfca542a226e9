//! The message that asks the losing platform to approve the transfer.
//!
//! The texts in `release_requests/` are what is sent. Where one was meant to change, write them
//! anew with `UPDATE_SNAPSHOTS=1 cargo test --test rules release_request`, and read the difference.

use std::fs;
use std::path::Path;

use snap_port::document::{CarrierName, Regulatory};
use snap_port::testing::sample;
use snap_port::{
    AccountId, AddressId, BundleId, Checklist, Destination, GainingPlatform, LosingAccount,
    LosingPlatform, MissingParts, NumberList, OrderRef, OtherPlatformsTicket, PackagePart,
    PlatformGuide, Region, ReleaseRequest, ReleaseTicket,
};

const PLATFORMS: [&str; 4] = ["Aircall", "JustCall", "HighLevel", "Dialer Nine"];

fn ours() -> GainingPlatform {
    GainingPlatform::new("Aloware", "transfers@aloware.test").unwrap()
}

fn twilio() -> CarrierName {
    CarrierName::new("Twilio").unwrap()
}

fn account(text: &str) -> AccountId {
    AccountId::parse(text).unwrap()
}

fn losing(platform: &str) -> LosingAccount {
    LosingAccount::new(platform.parse().unwrap(), account("acme-4711"))
}

/// As much as a request needs, and no more.
fn least(platform: &str, numbers: NumberList) -> Checklist {
    let mut checklist = Checklist::default();
    checklist
        .set_numbers(numbers)
        .set_losing(losing(platform))
        .set_destination(Destination::new(sample::gaining_account()));
    checklist
}

/// Everything a request can have in it.
fn full(platform: &str, numbers: NumberList) -> Checklist {
    let known = losing(platform).with_carrier_account(sample::losing_carrier_account());
    let mut checklist = least(platform, numbers.clone());
    checklist
        .set_losing(known)
        .set_earliest(sample::earliest(sample::time()))
        .set_loa(sample::loa(&numbers, sample::time()));
    checklist
}

fn compose(checklist: &Checklist) -> ReleaseRequest {
    ReleaseRequest::compose(checklist, &ours(), &twilio()).unwrap()
}

fn ticket(platform: &str) -> ReleaseTicket {
    ReleaseTicket::new(platform.parse().unwrap(), "98765").unwrap()
}

/// Every kind of message to `platform`: the request with little and with much in it, and
/// reminders.
fn messages(platform: &str) -> Vec<(&'static str, ReleaseRequest)> {
    let short = compose(&least(platform, sample::numbers(1)));
    let long = compose(&full(platform, sample::numbers(3)));
    let order = OrderRef::parse("12345678").unwrap();
    let reminder = long.clone().with_order(order).chase(&ticket(platform), 2);
    vec![
        ("request", long),
        ("request with little known", short),
        ("reminder", reminder.unwrap()),
    ]
}

#[test]
fn each_message_is_the_one_on_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules/release_requests");
    let mut wrong = Vec::new();
    for platform in PLATFORMS {
        let name = platform.to_lowercase().replace(' ', "_");
        for (kind, message) in messages(platform) {
            let path = folder.join(format!("{name}.{}.txt", kind.replace(' ', "_")));
            let text = message.to_string();
            if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
                fs::write(&path, &text).unwrap();
            }
            let on_file = fs::read_to_string(&path).unwrap_or_default();
            if on_file != text {
                wrong.push(format!("{}:\n{text}", path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "not as on file; UPDATE_SNAPSHOTS=1 writes them anew:\n{}",
        wrong.join("\n")
    );
    let files = fs::read_dir(folder).unwrap().count();
    assert_eq!(
        files,
        PLATFORMS.len() * messages("Aircall").len(),
        "stray files"
    );
}

/// A word that could make somebody give the numbers up, or take the transfer for another thing.
fn dangerous(text: &str) -> Option<&'static str> {
    const WORDS: [&str; 9] = [
        "releas",
        "delet",
        "remov",
        "port out",
        "port-out",
        "porting",
        "ported",
        "snap port",
        "disconnect",
    ];
    let text = text.to_lowercase();
    WORDS.into_iter().find(|word| text.contains(word))
}

#[test]
fn no_message_tells_the_platform_to_give_the_numbers_up() {
    assert_eq!(dangerous("Please RELEASE them"), Some("releas"));
    for platform in PLATFORMS {
        for (kind, message) in messages(platform) {
            assert_eq!(dangerous(&message.to_string()), None, "{platform}, {kind}");
            let text = message.to_string().to_lowercase();
            assert!(text.contains("approve the transfer"), "{platform}, {kind}");
        }
    }
}

#[test]
fn a_request_holds_what_the_platform_and_the_carrier_need() {
    for platform in PLATFORMS {
        let request = compose(&full(platform, sample::numbers(3)));
        let body = request.body();
        let earliest = sample::earliest(sample::time()).to_string();
        for part in [
            &format!("Our account with {platform}: acme-4711"),
            "Losing account at Twilio: AC00000000000000000000000000000001",
            "Gaining account at Twilio, of Aloware: AC00000000000000000000000000000002",
            &format!("on or after {earliest}, when"),
            "name the gaining account",
            "a user who is listed on the account at Twilio",
            "your ticket ID or confirmation number",
            "keep our account active and every number on it",
            "need not send a PIN, a passcode or a customer service record",
            "If a fee, an open balance",
            "transfers@aloware.test",
            "Ann Admin",
        ] {
            assert!(body.contains(part), "{platform}: {part}");
        }
        let listed: Vec<&str> = body.lines().filter(|line| line.starts_with('+')).collect();
        let numbers: Vec<&str> = request.numbers().iter().map(|n| n.as_str()).collect();
        assert_eq!(listed, numbers);
        assert!(body.contains("The list (3 phone numbers):\n+"));
    }
}

#[test]
fn what_is_not_known_is_asked_for_or_left_out() {
    let request = compose(&least("JustCall", sample::numbers(1)));
    let body = request.body();
    assert!(body.contains("Losing account at Twilio: yours; please tell us its ID\n"));
    assert!(body.contains("The numbers move when Aloware has agreed the time with Twilio.\n"));
    assert!(body.contains("\nThank you\n\nThe list (1 phone number):\n"));
    assert!(!body.contains("Ticket of Twilio"));
    assert!(request.earliest().is_none() && request.signer().is_none());
    assert!(
        request
            .subject()
            .contains("transfer of 1 phone number from")
    );
}

#[test]
fn what_the_gaining_account_holds_for_regulators_is_named() {
    let bundle = Regulatory::bundle(Region::new("GB").unwrap(), BundleId::parse("BU1").unwrap());
    let both = bundle.and_address(AddressId::parse("AD1").unwrap());
    let address = Regulatory::address(Region::new("DE").unwrap(), AddressId::parse("AD2").unwrap());
    let destination = Destination::new(sample::gaining_account())
        .with_regulatory(both)
        .with_regulatory(address);
    let mut checklist = least("HighLevel", sample::numbers(1));
    checklist.set_destination(destination);
    let body = compose(&checklist).body();
    assert!(body.contains("\nHeld there for numbers of GB: regulatory bundle BU1, address AD1\n"));
    assert!(body.contains("\nHeld there for numbers of DE: address AD2\n"));
}

#[test]
fn a_request_names_every_part_it_lacks() {
    let missing = |checklist: &Checklist| -> Vec<PackagePart> {
        let refused: MissingParts =
            ReleaseRequest::compose(checklist, &ours(), &twilio()).unwrap_err();
        refused.parts().to_vec()
    };
    assert_eq!(missing(&Checklist::default()), ReleaseRequest::NEEDS);
    for part in ReleaseRequest::NEEDS {
        let mut checklist = full("Aircall", sample::numbers(2));
        checklist.clear(part);
        assert_eq!(missing(&checklist), [part]);
    }
    let mut checklist = Checklist::from(&sample::package(&sample::numbers(2), sample::time()));
    for part in PackagePart::ALL {
        if !ReleaseRequest::NEEDS.contains(&part) {
            checklist.clear(part);
        }
    }
    assert!(ReleaseRequest::compose(&checklist, &ours(), &twilio()).is_ok());
}

#[test]
fn a_reminder_quotes_the_ticket_and_the_wait() {
    let request = compose(&full("Aircall", sample::numbers(2)));
    assert_eq!(request.reminds_of(), None);
    let body = |days| request.chase(&ticket("Aircall"), days).unwrap().body();
    assert!(body(0).contains("We asked you earlier today to approve"));
    assert!(body(1).contains("We asked you 1 business day ago to approve"));
    assert!(body(4).contains("We asked you 4 business days ago to approve"));

    let order = OrderRef::parse("T-1").unwrap();
    let reminder = request.chase(&ticket("Aircall"), 4).unwrap();
    let reminder = reminder.with_order(order.clone());
    assert_eq!(reminder.reminds_of(), Some((&ticket("Aircall"), 4)));
    assert_eq!(reminder.order(), Some(&order));
    assert!(
        reminder
            .subject()
            .starts_with("Reminder: please approve the transfer")
    );
    assert!(reminder.subject().ends_with("(your ticket 98765)"));
    for part in [
        "Your ticket: 98765\n",
        "Ticket of Twilio: T-1\n",
        "a user who is listed on the account at Twilio",
        "Gaining account at Twilio, of Aloware: AC00000000000000000000000000000002",
        "keep our account active and every number on it",
        "+14155550101\n",
    ] {
        assert!(reminder.body().contains(part), "{part}");
    }
}

#[test]
fn a_reminder_does_not_quote_another_platforms_ticket() {
    let request = compose(&least("Aircall", sample::numbers(1)));
    let refused: OtherPlatformsTicket = request.chase(&ticket("JustCall"), 2).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the release ticket is of JustCall, the request goes to Aircall; quote a ticket of Aircall"
    );
    let nine = compose(&least("Dialer Nine", sample::numbers(1)));
    assert!(nine.chase(&ticket("dialer nine"), 2).is_ok());
    assert!(nine.chase(&ticket("Dialer Ten"), 2).is_err());
}

#[test]
fn an_application_can_write_its_own_words() {
    let checklist = full("HighLevel", sample::numbers(2));
    let request = compose(&checklist);
    assert_eq!(request.platform(), &LosingPlatform::HighLevel);
    assert_eq!(Some(request.losing()), checklist.losing());
    assert_eq!(Some(request.numbers()), checklist.numbers());
    assert_eq!(request.gaining(), &ours());
    assert_eq!(Some(request.destination()), checklist.destination());
    assert_eq!(request.earliest(), checklist.earliest());
    assert_eq!(request.signer(), Some("Ann Admin"));
    assert_eq!((request.carrier(), request.order()), (&twilio(), None));
    let guide = PlatformGuide::of(&LosingPlatform::HighLevel);
    assert!(std::ptr::eq(request.guide(), guide));
    assert_eq!(request.ask_at(), guide.ask_at());
    let whole = format!("{}\n\n{}", request.subject(), request.body());
    assert_eq!(request.to_string(), whole);
}

#[test]
fn names_stand_as_they_were_given() {
    for name in [
        "Release Inc.",
        "Börse & <b>Söhne</b> {} %s  \"x\"",
        "电话 😀 هاتف",
        &"x".repeat(100),
    ] {
        let mut checklist = least(name, sample::numbers(1));
        checklist.set_destination(Destination::new(account("{gaining} & Sons")));
        let theirs = GainingPlatform::new(name, "{contact}").unwrap();
        let request = ReleaseRequest::compose(&checklist, &theirs, &twilio()).unwrap();
        let body = request.body();
        assert!(body.starts_with(&format!("Hello {name},\n")));
        assert!(body.contains(&format!("of {name}: {{gaining}} & Sons\n")));
        assert!(body.contains(&format!("Questions to {name}: {{contact}}\n")));
        assert_eq!(request.subject().lines().count(), 1);
    }
    let request = compose(&least("Release Inc.", sample::numbers(1)));
    let own_words = request.to_string().replace("Release Inc.", "");
    assert_eq!(dangerous(&own_words), None);
}

#[test]
fn the_longest_list_is_written_whole() {
    let numbers = sample::numbers(NumberList::MAX_NUMBERS);
    let body = compose(&full("Aircall", numbers.clone())).body();
    let listed = body.lines().filter(|line| line.starts_with('+'));
    assert!(listed.eq(numbers.iter().map(|number| number.as_str())));
}

#[test]
fn debug_shows_no_account_and_nobody() {
    let request = compose(&full("Aircall", sample::numbers(2)));
    assert_eq!(
        format!("{request:?}"),
        "ReleaseRequest(2 phone numbers from Aircall)"
    );
    let reminder = request.chase(&ticket("Aircall"), 2).unwrap();
    assert_eq!(
        format!("{reminder:?}"),
        "ReleaseRequest(reminder)(2 phone numbers from Aircall)"
    );
}
