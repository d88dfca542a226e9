//! Twilio's error codes that a snap port can meet.

use std::fmt;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $todo:literal;)*) => {
        /// An error code of Twilio's.
        ///
        /// Made from a number by [`from_number`](Self::from_number), so that a known code is never
        /// [`Other`](Self::Other).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum TwilioCode {
            $($(#[$doc])* $name,)*
            /// A code not listed here.
            Other(u32),
        }

        impl TwilioCode {
            /// The code with this number.
            #[must_use]
            pub fn from_number(number: u32) -> Self {
                match number {
                    $($number => Self::$name,)*
                    other => Self::Other(other),
                }
            }

            /// Its number, as in Twilio's error dictionary.
            #[must_use]
            pub fn number(self) -> u32 {
                match self {
                    $(Self::$name => $number,)*
                    Self::Other(number) => number,
                }
            }

            /// What to do about it, in a sentence without a full stop.
            #[must_use]
            pub fn what_to_do(self) -> Option<&'static str> {
                match self {
                    $(Self::$name => Some($todo),)*
                    Self::Other(_) => None,
                }
            }

            #[cfg(test)]
            const KNOWN: &'static [u32] = &[$($number),*];
        }
    };
}

codes! {
    /// 10002: not supported on trial accounts.
    TrialUnsupported = 10002, "upgrade the account; a trial account cannot do this";
    /// 20001: a parameter is wrong.
    InvalidParameter = 20001, "check the parameter Twilio names";
    /// 20003: the credentials are wrong, or do not reach this account or product.
    AuthenticationFailed = 20003, "check the account SID and token; messaging, numbers and monitor need the subaccount's own credentials";
    /// 20005: the account is not active.
    AccountNotActive = 20005, "reactivate the account";
    /// 20008: test credentials do not reach this resource.
    TestCredentials = 20008, "use live credentials; test credentials only buy numbers, call and send";
    /// 20403: the credentials may not do this.
    Forbidden = 20403, "use credentials with the permission; a standard API key reaches no account resource";
    /// 20404: there is no such resource in this account.
    NotFound = 20404, "check that the SID belongs to this account; numbers leave an account when they move";
    /// 20429: too many requests; this one was not processed.
    TooManyRequests = 20429, "come back later, with fewer calls at once";
    /// 21201: a call without a number to call.
    NoCalledNumber = 21201, "name the number to call";
    /// 21205: a URL Twilio does not call.
    InvalidUrl = 21205, "use an absolute URL that Twilio can reach";
    /// 21210: the caller is no number of this account and is not verified.
    CallerNotVerified = 21210, "call from a number of this account";
    /// 21211: the number called or written to is invalid.
    InvalidTo = 21211, "check the number called or written to";
    /// 21212: the number calling or writing is invalid.
    InvalidFrom = 21212, "check the number calling or writing";
    /// 21214: the number called cannot be reached.
    ToUnreachable = 21214, "check that the number called exists";
    /// 21215: no permission to call that country.
    CallingNotPermitted = 21215, "enable the country in the account's voice permissions";
    /// 21219: a trial account calls verified numbers only.
    ToNotVerified = 21219, "upgrade the account or verify the number called";
    /// 21408: no permission to send to that country.
    SendingNotPermitted = 21408, "enable the country in the account's messaging permissions";
    /// 21421: no number SID.
    InvalidNumberSid = 21421, "read the number again; its SID may change when it moves";
    /// 21470: the account SID given as target is invalid.
    InvalidTargetAccount = 21470, "check the target account's SID";
    /// 21471: the target account does not exist.
    NoSuchTargetAccount = 21471, "check the target account's SID";
    /// 21472: the target account is not active.
    TargetAccountNotActive = 21472, "reactivate the target account";
    /// 21473: the target account belongs to another owner.
    TargetAccountNotRelated = 21473, "Twilio support moves numbers between owners: file a transfer request";
    /// 21474: only the parent account may move numbers between its accounts.
    ParentMustMove = 21474, "call with the parent's account SID and auth token";
    /// 21602: a message without a body.
    NoBody = 21602, "give the message a body";
    /// 21606: the sender cannot send messages, or is not of this account.
    FromCannotSend = 21606, "send from a number of this account that can send SMS";
    /// 21608: a trial account writes to verified numbers only.
    TrialToNotVerified = 21608, "upgrade the account or verify the number written to";
    /// 21609: a status callback URL Twilio does not call.
    InvalidStatusCallback = 21609, "use an absolute URL that Twilio can reach";
    /// 21610: the recipient has opted out.
    OptedOut = 21610, "use a test line that has not sent STOP";
    /// 21613: the target account lacks an address for this number's country.
    AddressRequired = 21613, "create the address in the target account and name it in the move";
    /// 21614: the number written to cannot get SMS.
    ToNotMobile = 21614, "write to a number that can get SMS";
    /// 21615: the target account lacks a local address for this number.
    LocalAddressRequired = 21615, "create a local address in the target account and name it in the move";
    /// 21617: the body has more than 1600 characters.
    BodyTooLong = 21617, "shorten the body to 1600 characters";
    /// 21631: the number requires an address of another kind.
    OtherAddressRequired = 21631, "create an address that meets this number's requirement and name it in the move";
    /// 21649: the number requires a regulatory bundle.
    BundleRequired = 21649, "have a bundle approved in the target account and name it in the move";
    /// 21650: the number requires an identity.
    IdentityRequired = 21650, "name an identity in the move";
    /// 21651: a document the number requires is missing.
    DocumentRequired = 21651, "add the document to the bundle in the target account";
    /// 21669: the number and the service are in different regions.
    RegionMismatch = 21669, "use a messaging service of the number's region";
    /// 21710: the number already is in this messaging service.
    AlreadyInService = 21710, "nothing: it is where it should be";
    /// 21712: the number is in another messaging service.
    InAnotherService = 21712, "remove it from that service first; a number is in one service only";
    /// 21714: the messaging service has no room left.
    ServiceFull = 21714, "use another service, or ask Twilio for more room";
    /// 21715: the number can send neither SMS nor MMS.
    NoMessagingCapability = 21715, "leave it out of the messaging service";
    /// 22102: not a phone number.
    InvalidPhoneNumber = 22102, "check the number; it must be E.164 and exist";
    /// 22104: not an e-mail address.
    InvalidEmail = 22104, "check the e-mail address";
    /// 22121: a hosted number that is not in use cannot move.
    HostedNotInUse = 22121, "finish the number's hosting order first";
    /// 22130: the country, rate center or carrier is not supported.
    PortingUnsupported = 22130, "ask Twilio support about this number";
    /// 22131: already in the target account, or on its way there.
    AlreadyInTarget = 22131, "look for it in the target account";
    /// 22132: on Twilio, in an account of another owner.
    OnTwilioOtherOwner = 22132, "file a transfer request with both accounts' owners";
    /// 22133: not by API.
    ManualPortingOnly = 22133, "ask Twilio support; this number does not move by API";
    /// 22135: Twilio failed to tell.
    PortabilityFailed = 22135, "ask again";
    /// 22136: in another account of the same owner.
    InOwnAccount = 22136, "move it by API with the parent's credentials";
    /// 22137: a port of this number is under way.
    PortUnderWay = 22137, "wait for the port under way, or cancel it";
    /// 22170: the bundle is invalid or not approved.
    BundleNotApproved = 22170, "have the bundle approved first";
    /// 22171: fields are missing.
    MissingFields = 22171, "add the fields Twilio names";
    /// 22172: numbers of several countries, or not E.164.
    MixedCountries = 22172, "ask for one country at a time";
    /// 22173: the address SID is invalid.
    InvalidAddressSid = 22173, "check the address SID";
    /// 22402: not permitted in this region.
    NotInThisRegion = 22402, "move the number in its home region first, or ask Twilio support";
    /// 30003: the phone written to was off or unreachable.
    UnreachableHandset = 30003, "check that the test line is on, and test again";
    /// 30005: the number written to does not exist.
    UnknownHandset = 30005, "check the test line's number";
    /// 30006: a landline, or a carrier that cannot be reached.
    LandlineOrUnreachable = 30006, "use a test line that can get SMS";
    /// 30007: filtered as unwanted.
    Filtered = 30007, "check the campaign's registration and the text";
    /// 30008: failed for no known reason.
    UnknownFailure = 30008, "test again";
    /// 30034: sent from a US number that is not registered with a campaign.
    UnregisteredNumber = 30034, "wait for the number's registration to finish, then test again";
    /// 30035: sent from a US number whose registration is not complete.
    RegistrationUnderWay = 30035, "wait for the number's registration to finish, then test again";
    /// 30879: a toll-free verification came before the port was complete.
    VerifiedBeforePort = 30879, "submit the toll-free verification again after the port";
}

impl fmt::Display for TwilioCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_survives_and_a_known_one_is_named() {
        for number in TwilioCode::KNOWN {
            let code = TwilioCode::from_number(*number);
            assert_eq!(code.number(), *number);
            assert!(!matches!(code, TwilioCode::Other(_)), "{number}");
            assert!(code.what_to_do().is_some_and(|todo| !todo.ends_with('.')));
        }
        let unknown = TwilioCode::from_number(99_999);
        assert_eq!(unknown, TwilioCode::Other(99_999));
        assert_eq!((unknown.number(), unknown.what_to_do()), (99_999, None));
    }

    #[test]
    fn every_code_of_the_reference_is_named() {
        for number in [
            10002, 20003, 20008, 20403, 20404, 20429, 21421, 21470, 21471, 21472, 21473, 21474,
            21613, 21615, 21631, 21649, 21650, 21651, 21669, 21710, 21712, 21714, 21715, 22102,
            22104, 22121, 22130, 22131, 22132, 22133, 22135, 22136, 22137, 22170, 22171, 22172,
            22173, 22402, 30034, 30879,
        ] {
            assert!(TwilioCode::KNOWN.contains(&number), "{number}");
        }
    }
}
