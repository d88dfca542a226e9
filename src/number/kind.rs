//! What a number is and where it belongs, as far as the numbering plans tell.

use super::{PhoneNumber, Region, plan};

/// What kind of number it is, by the numbering plan of its country.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NumberKind {
    /// A landline number, which in most plans belongs to a place.
    FixedLine,
    /// A mobile number.
    Mobile,
    /// One or the other: the plan does not tell them apart, as in the United States and Canada.
    FixedOrMobile,
    /// Free for the caller.
    TollFree,
    /// Any other: premium rate, shared cost, voice over IP, personal, pager, company-wide,
    /// voicemail.
    Other,
    /// The plan has no such number.
    Unknown,
}

impl PhoneNumber {
    /// The country or territory the number belongs to, by its country code and, where several
    /// share one, by what follows: `+1 416` is Canada, `+1 876` Jamaica, `+44 1534` Jersey.
    ///
    /// `None` for numbers of no country (`+800`), for country codes nobody has, and where a shared
    /// code's plans do not know the number. A number that North America shares, such as toll-free
    /// `+1 800`, counts as the United States', whose plan is the main one.
    ///
    /// Advice, not proof: plans change, and this crate's copy ages with it. Nothing stored depends
    /// on the answer.
    #[must_use]
    pub fn region(&self) -> Option<Region> {
        plan::region(self.digits())
    }

    /// What kind of number it is, as the plan tells; advice like [`region`](Self::region).
    #[must_use]
    pub fn kind(&self) -> NumberKind {
        plan::kind(self.digits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::from_e164(text).unwrap()
    }

    #[test]
    fn a_number_tells_its_country_and_kind() {
        use NumberKind as K;
        for (text, region, kind) in [
            ("+14155552671", Some("US"), K::FixedOrMobile),
            ("+14165550123", Some("CA"), K::FixedOrMobile),
            ("+18769221234", Some("JM"), K::FixedLine),
            ("+17872345678", Some("PR"), K::FixedOrMobile),
            ("+18005550199", Some("US"), K::TollFree),
            ("+18335550199", Some("US"), K::TollFree),
            ("+19002345678", Some("US"), K::Other),
            ("+442071838750", Some("GB"), K::FixedLine),
            ("+447400123456", Some("GB"), K::Mobile),
            ("+441534456789", Some("JE"), K::FixedLine),
            ("+448001234567", Some("GB"), K::TollFree),
            ("+390669812345", Some("VA"), K::FixedLine),
            ("+77710009998", Some("KZ"), K::Mobile),
            ("+80012345678", None, K::TollFree),
        ] {
            let number = number(text);
            let found = number.region().map(String::from);
            assert_eq!((found.as_deref(), number.kind()), (region, kind), "{text}");
        }
    }

    #[test]
    fn what_no_plan_has_is_unknown() {
        for (text, region) in [
            // A code that one country has to itself tells the country all the same.
            ("+4911111111111", Some("DE")),
            ("+15550000000", None),
            ("+440000000000", None),
            ("+9991234567", None),
            ("+1000000", None),
            ("+123456789012345", None),
        ] {
            let number = number(text);
            assert_eq!(
                number.region().map(String::from).as_deref(),
                region,
                "{text}"
            );
            assert_eq!(number.kind(), NumberKind::Unknown, "{text}");
        }
    }
}
