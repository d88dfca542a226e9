use crate::number::PhoneNumber;
use crate::testing::fake_twilio::wire::answer::Refused;
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::params::is_sid;
use crate::testing::fake_twilio::world::World;

impl World {
    /// The account `AccountSid` moves the number to; `None` if it stays.
    pub(crate) fn gaining_account(
        &self,
        ask: &Ask,
        number: PhoneNumber,
    ) -> Result<Option<String>, Refused> {
        let losing = ask.sid(0);
        let Some(gaining) = ask
            .form
            .get("AccountSid")
            .filter(|gaining| *gaining != losing)
        else {
            return Ok(None);
        };
        if !is_sid(gaining, "AC") {
            return Err(Refused::code(21470));
        }
        let account = self
            .accounts
            .get(gaining)
            .ok_or_else(|| Refused::code(21471))?;
        if !self.related(losing, gaining) {
            return Err(Refused::code(21473));
        }
        if ask.caller.account != self.owner_of_account(losing) || !ask.caller.by_token {
            return Err(Refused::code(21474));
        }
        if !account.is_active() {
            return Err(Refused::code(21472));
        }
        if account.is_trial() {
            return Err(Refused::code(10002));
        }
        match self.rules.transfers.get(&number) {
            Some(code) if !answered(ask, *code) => Err(Refused::code(*code)),
            _ => Ok(Some(gaining.to_owned())),
        }
    }
}

/// Whether the request brings what the refusal with `code` asks for.
fn answered(ask: &Ask, code: u32) -> bool {
    let parameter = match code {
        21613 | 21615 | 21631 => "AddressSid",
        21649 => "BundleSid",
        21650 | 21651 => "IdentitySid",
        _ => return false,
    };
    ask.form
        .get(parameter)
        .is_some_and(|value| !value.is_empty())
}
