//! What numbers need on the gaining side because of what they are and where they belong.

use std::collections::BTreeMap;
use std::fmt;

use super::list::FirstFew;
use super::{NumberKind, NumberList, PhoneNumber, Region, plan};

/// Something numbers need in the gaining account. `Display` says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum NumberNeed {
    /// Toll-free numbers of North America must be verified in the gaining account before they
    /// text again, and only once they are there: Twilio refuses a verification filed before the
    /// port is complete (error 30879; support article 223131767). A verification in the losing
    /// account does not move.
    TollFreeVerification,
    /// Numbers outside the United States and Canada: most countries want to know who uses their
    /// numbers, and where. Twilio does not assign such a number without the SID of a regulatory
    /// bundle (errors 21649, 21650 and 21651) or of an address (21615 and 21631) in the gaining
    /// account; which of them, if any, depends on the country and the kind of number.
    AddressOrBundle {
        /// The country whose rules hold.
        region: Region,
    },
}

impl fmt::Display for NumberNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TollFreeVerification => f.write_str(
                "file toll-free verification in the gaining account once the port is complete, \
                 not before: until it is approved they cannot text",
            ),
            Self::AddressOrBundle { region } => write!(
                f,
                "look up what {region} asks for, and have the regulatory bundle or address ready \
                 in the gaining account before the port: without its SID they cannot be assigned",
            ),
        }
    }
}

/// A need, and the numbers of a list that have it.
///
/// `Display` says what to do and names the first few numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    what: NumberNeed,
    numbers: NumberList,
}

impl Need {
    /// What they need.
    #[must_use]
    pub fn what(&self) -> NumberNeed {
        self.what
    }

    /// The numbers that need it, in their list's order.
    #[must_use]
    pub fn numbers(&self) -> &NumberList {
        &self.numbers
    }
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", FirstFew(self.numbers.as_slice()), self.what)
    }
}

impl NumberList {
    /// What the numbers need in the gaining account, each need once: toll-free verification first,
    /// then countries by their code. Empty for a list of plain US and Canadian numbers.
    ///
    /// Read from the numbering plans, so it is advice like [`PhoneNumber::region`]; nothing here
    /// keeps a list from being ported.
    #[must_use]
    pub fn needs(&self) -> Vec<Need> {
        let mut needs: BTreeMap<NumberNeed, Vec<PhoneNumber>> = BTreeMap::new();
        for number in self {
            if let Some(what) = need(number) {
                needs.entry(what).or_default().push(*number);
            }
        }
        needs
            .into_iter()
            .filter_map(|(what, numbers)| {
                // Some numbers of a list are a list.
                let numbers = NumberList::new(numbers).ok()?;
                Some(Need { what, numbers })
            })
            .collect()
    }
}

fn need(number: &PhoneNumber) -> Option<NumberNeed> {
    let north_american = number.digits().starts_with('1');
    if north_american && number.kind() == NumberKind::TollFree {
        return Some(NumberNeed::TollFreeVerification);
    }
    // A range the plans do not know is new, and most likely the country's that lends its code to
    // the others.
    let region = number
        .region()
        .or_else(|| plan::main_region(number.digits()))?;
    let at_home = matches!(region.as_str(), "US" | "CA");
    (!at_home).then_some(NumberNeed::AddressOrBundle { region })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(texts: &[&str]) -> NumberList {
        let numbers = texts
            .iter()
            .map(|text| PhoneNumber::from_e164(text).unwrap());
        NumberList::new(numbers).unwrap()
    }

    fn abroad(region: &str) -> NumberNeed {
        let region = Region::new(region).unwrap();
        NumberNeed::AddressOrBundle { region }
    }

    #[test]
    fn a_mixed_list_carries_what_each_number_needs() {
        let mixed = list(&[
            "+14155552671",
            "+442071838750",
            "+18005550199",
            "+14165550123",
            "+18769221234",
            "+447400123456",
            "+18335550199",
            "+448001234567",
        ]);
        let needs = mixed.needs();
        let found: Vec<_> = needs
            .iter()
            .map(|need| (need.what(), need.numbers().clone()))
            .collect();
        assert_eq!(
            found,
            [
                (
                    NumberNeed::TollFreeVerification,
                    list(&["+18005550199", "+18335550199"])
                ),
                // Verification is North America's; elsewhere toll-free is one more number.
                (
                    abroad("GB"),
                    list(&["+442071838750", "+447400123456", "+448001234567"])
                ),
                (abroad("JM"), list(&["+18769221234"])),
            ]
        );
    }

    #[test]
    fn plain_north_american_numbers_need_nothing() {
        // The last is of an area code no plan has.
        assert_eq!(
            list(&["+14155552671", "+14165550123", "+15550000000"]).needs(),
            []
        );
        // No country's rules hold for a number of no country.
        assert_eq!(list(&["+80012345678", "+9991234567"]).needs(), []);
    }

    #[test]
    fn a_range_the_plan_does_not_know_is_the_main_countrys() {
        let unknown = list(&["+440000000000"]);
        assert_eq!(unknown.first().region(), None);
        assert_eq!(unknown.needs()[0].what(), abroad("GB"));
    }

    #[test]
    fn a_need_says_what_to_do_and_for_which_numbers() {
        let many: Vec<String> = (0..12).map(|i| format!("+4420718387{i:02}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        let shown = list(&many).needs()[0].to_string();
        assert!(
            shown.starts_with("+442071838700, +442071838701, "),
            "{shown}"
        );
        assert!(shown.contains("+442071838709 and 2 more: look up what GB asks for"));
        let shown = list(&["+18005550199"]).needs()[0].to_string();
        assert!(
            shown.starts_with("+18005550199: file toll-free verification"),
            "{shown}"
        );
        assert!(shown.contains("once the port is complete, not before"));
    }
}
