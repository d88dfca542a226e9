use std::fmt;

use percent::decode;

use crate::testing::fake_twilio::wire::params::is_sid;

/// A request Twilio takes: the routes a snap port needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FakeRoute {
    /// `GET /2010-04-01/Accounts/{AC}.json`.
    Account,
    /// `GET /2010-04-01/Accounts.json`.
    Accounts,
    /// `GET /v1/Porting/Portability/PhoneNumber/{number}`.
    Portability,
    /// `POST /v1/HostedNumber/Eligibility`.
    Eligibility,
    /// `GET .../IncomingPhoneNumbers.json`.
    Numbers,
    /// `GET .../IncomingPhoneNumbers/{PN}.json`.
    Number,
    /// `POST .../IncomingPhoneNumbers/{PN}.json`: configuring it, and moving it to an account.
    UpdateNumber,
    /// `GET /v1/Services/{MG}/PhoneNumbers`.
    ServiceNumbers,
    /// `GET /v1/Services/{MG}/PhoneNumbers/{PN}`.
    ServiceNumber,
    /// `POST /v1/Services/{MG}/PhoneNumbers`.
    JoinService,
    /// `DELETE /v1/Services/{MG}/PhoneNumbers/{PN}`.
    LeaveService,
    /// `GET /v1/Services/{MG}/Compliance/Usa2p`.
    Campaigns,
    /// `POST .../Calls.json`.
    PlaceCall,
    /// `GET .../Calls/{CA}.json`.
    Call,
    /// `GET .../Calls.json`.
    Calls,
    /// `POST .../Messages.json`.
    SendMessage,
    /// `GET .../Messages/{SM}.json`.
    Message,
    /// `GET .../Messages.json`.
    Messages,
    /// `GET /v1/Alerts`.
    Alerts,
}

/// Every route with its method and path. `{XX}` is a SID of that kind; what does not look like one
/// is not found, as at Twilio.
const TABLE: [(FakeRoute, &str, &str); 19] = [
    (FakeRoute::Account, "GET", "2010-04-01/Accounts/{AC}.json"),
    (FakeRoute::Accounts, "GET", "2010-04-01/Accounts.json"),
    (
        FakeRoute::Portability,
        "GET",
        "v1/Porting/Portability/PhoneNumber/{}",
    ),
    (
        FakeRoute::Eligibility,
        "POST",
        "v1/HostedNumber/Eligibility",
    ),
    (
        FakeRoute::Numbers,
        "GET",
        "2010-04-01/Accounts/{AC}/IncomingPhoneNumbers.json",
    ),
    (
        FakeRoute::Number,
        "GET",
        "2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{PN}.json",
    ),
    (
        FakeRoute::UpdateNumber,
        "POST",
        "2010-04-01/Accounts/{AC}/IncomingPhoneNumbers/{PN}.json",
    ),
    (
        FakeRoute::ServiceNumbers,
        "GET",
        "v1/Services/{MG}/PhoneNumbers",
    ),
    (
        FakeRoute::ServiceNumber,
        "GET",
        "v1/Services/{MG}/PhoneNumbers/{PN}",
    ),
    (
        FakeRoute::JoinService,
        "POST",
        "v1/Services/{MG}/PhoneNumbers",
    ),
    (
        FakeRoute::LeaveService,
        "DELETE",
        "v1/Services/{MG}/PhoneNumbers/{PN}",
    ),
    (
        FakeRoute::Campaigns,
        "GET",
        "v1/Services/{MG}/Compliance/Usa2p",
    ),
    (
        FakeRoute::PlaceCall,
        "POST",
        "2010-04-01/Accounts/{AC}/Calls.json",
    ),
    (
        FakeRoute::Call,
        "GET",
        "2010-04-01/Accounts/{AC}/Calls/{CA}.json",
    ),
    (
        FakeRoute::Calls,
        "GET",
        "2010-04-01/Accounts/{AC}/Calls.json",
    ),
    (
        FakeRoute::SendMessage,
        "POST",
        "2010-04-01/Accounts/{AC}/Messages.json",
    ),
    (
        FakeRoute::Message,
        "GET",
        "2010-04-01/Accounts/{AC}/Messages/{SM}.json",
    ),
    (
        FakeRoute::Messages,
        "GET",
        "2010-04-01/Accounts/{AC}/Messages.json",
    ),
    (FakeRoute::Alerts, "GET", "v1/Alerts"),
];

impl FakeRoute {
    /// All of them.
    pub const ALL: [Self; 19] = {
        let mut all = [Self::Account; 19];
        let mut index = 0;
        while index < TABLE.len() {
            all[index] = TABLE[index].0;
            index += 1;
        }
        all
    };

    /// The route called so, as [`Display`](fmt::Display) shows it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|route| route.to_string() == name)
    }

    /// Whether its body is JSON; the others' is a form.
    pub(crate) fn takes_json(self) -> bool {
        self == Self::Eligibility
    }
}

/// Its name, such as `UpdateNumber`.
impl fmt::Display for FakeRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// What a method and a path lead to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Matched {
    /// A route, and what stands in its braces.
    Route(FakeRoute, Vec<String>),
    /// A path that takes other methods.
    OtherMethod,
    Nothing,
}

/// Finds the route of `path`, which is still percent-encoded.
pub(crate) fn find(method: &str, path: &str) -> Matched {
    let mut found = Matched::Nothing;
    let path = path.strip_prefix('/').unwrap_or(path);
    for (route, takes, pattern) in TABLE {
        if let Some(captured) = captures(pattern, path) {
            if takes == method {
                return Matched::Route(route, captured);
            }
            found = Matched::OtherMethod;
        }
    }
    found
}

fn captures(pattern: &str, path: &str) -> Option<Vec<String>> {
    let mut captured = Vec::new();
    let mut segments = path.split('/');
    for expected in pattern.split('/') {
        let segment = decode(segments.next()?)?;
        let Some((kind, suffix)) = expected.strip_prefix('{').and_then(|e| e.split_once('}'))
        else {
            if segment != expected {
                return None;
            }
            continue;
        };
        let text = segment.strip_suffix(suffix)?;
        if !(kind.is_empty() || is_sid(text, kind)) {
            return None;
        }
        captured.push(text.to_owned());
    }
    segments.next().is_none().then_some(captured)
}

mod percent {
    /// The segment with its `%XX` read; `None` if it is not UTF-8 then, or a `%` is alone.
    pub(crate) fn decode(segment: &str) -> Option<String> {
        let mut bytes = Vec::with_capacity(segment.len());
        let mut rest = segment.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                bytes.push(u8::try_from(high * 16 + low).ok()?);
            } else {
                bytes.push(byte);
            }
        }
        String::from_utf8(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_one_route_and_only_with_sids_of_the_right_kind() {
        let hex = "0123456789abcdef0123456789ABCDEF";
        let path = format!("/2010-04-01/Accounts/AC{hex}/Messages/MM{hex}.json");
        let captured = vec![format!("AC{hex}"), format!("MM{hex}")];
        assert_eq!(
            find("GET", &path),
            Matched::Route(FakeRoute::Message, captured)
        );
        assert_eq!(find("PATCH", &path), Matched::OtherMethod);
        for wrong in [
            path.replace("MM", "CA"),
            path.replace(hex, "12"),
            format!("{path}/x"),
        ] {
            assert_eq!(find("GET", &wrong), Matched::Nothing, "{wrong}");
        }
        let number = "/v1/Porting/Portability/PhoneNumber/%2B14155550100";
        let captured = vec!["+14155550100".to_owned()];
        assert_eq!(
            find("GET", number),
            Matched::Route(FakeRoute::Portability, captured)
        );
        assert_eq!(find("GET", "/v1/Alerts%"), Matched::Nothing);
    }

    #[test]
    fn routes_are_found_by_their_names() {
        for route in FakeRoute::ALL {
            assert_eq!(FakeRoute::named(&route.to_string()), Some(route));
        }
        assert_eq!(FakeRoute::named("Nothing"), None);
    }
}
