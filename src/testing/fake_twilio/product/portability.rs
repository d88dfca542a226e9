use serde_json::{Value, json};

use crate::number::{NumberKind, PhoneNumber};
use crate::testing::fake_twilio::wire::answer::{Answer, Refused};
use crate::testing::fake_twilio::wire::door::Ask;
use crate::testing::fake_twilio::wire::params::is_sid;
use crate::testing::fake_twilio::world::World;

/// How portability says that a number cannot be ported in. Twilio documents the first; its
/// published examples show the second; a client has to read all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum FakePortability {
    /// HTTP 400, with `not_portable_reason_code`.
    #[default]
    BadRequest,
    /// HTTP 200, with `not_portable_reason_code`.
    Ok,
    /// HTTP 200 that says `portable: true` beside the reason, as one of the published examples.
    Contradicting,
    /// HTTP 400 with `code` and `message`, as errors elsewhere.
    Classic,
}

const ALREADY_IN_TARGET: u32 = 22131;
const OTHER_OWNER: u32 = 22132;
const OTHER_ACCOUNT_OF_YOURS: u32 = 22136;

fn reason(code: u32) -> &'static str {
    match code {
        ALREADY_IN_TARGET => "ALREADY_IN_THE_TARGET_ACCOUNT",
        OTHER_OWNER => "ALREADY_IN_TWILIO_DIFFERENT_OWNER",
        OTHER_ACCOUNT_OF_YOURS => "ALREADY_IN_ONE_OF_YOUR_TWILIO_ACCOUNTS",
        22102 => "INVALID_PHONE_NUMBER",
        22130 => "UNSUPPORTED",
        22133 => "MANUAL_PORTING_AVAILABLE",
        22135 => "ERROR_INTERNAL_SERVER_ERROR",
        22137 => "PORT_ALREADY_IN_PROGRESS",
        22171 => "MISSING_REQUIRED_FIELDS",
        20003 => "UNAUTHORIZED",
        _ => "UNKNOWN",
    }
}

impl World {
    pub(crate) fn portability(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&["TargetAccountSid", "AddressSid"])?;
        ask.query.sid("AddressSid", "AD")?;
        let target = match ask.query.get("TargetAccountSid") {
            Some(target) if !is_sid(target, "AC") => return Err(Refused::code(20003)),
            Some(target) => target,
            None => &ask.caller.account,
        };
        self.reach(&ask.caller, target)?;
        let Ok(number) = self.possible(ask.sid(0), 22102) else {
            return Ok(self.verdict(ask.sid(0), None, Some(22102)));
        };
        Ok(self.verdict(number.as_str(), Some(number), self.obstacle(number, target)))
    }

    /// Why `target` cannot port the number in, by code.
    fn obstacle(&self, number: PhoneNumber, target: &str) -> Option<u32> {
        if let Some(said) = self.rules.portability.get(&number) {
            return *said;
        }
        let account = self.account_of(number)?;
        Some(if account == target {
            ALREADY_IN_TARGET
        } else if self.related(account, target) {
            OTHER_ACCOUNT_OF_YOURS
        } else {
            OTHER_OWNER
        })
    }

    fn verdict(&self, text: &str, number: Option<PhoneNumber>, code: Option<u32>) -> Answer {
        let style = self.rules.portability_style;
        if let (FakePortability::Classic, Some(code)) = (style, code) {
            return Refused::with(400, Some(code), reason(code)).answer();
        }
        let ours = matches!(code, Some(ALREADY_IN_TARGET | OTHER_ACCOUNT_OF_YOURS));
        let account = number.filter(|_| ours).and_then(|n| self.account_of(n));
        let kind = number.map_or(NumberKind::Unknown, |number| number.kind());
        let region = number.and_then(|number| number.region());
        let portable = code.is_none() || style == FakePortability::Contradicting;
        let status = if portable || style == FakePortability::Ok {
            200
        } else {
            400
        };
        let body = json!({
            "account_sid": account,
            "country": region.map(|region| region.to_string()),
            "not_portable_reason": code.map(reason),
            "not_portable_reason_code": code,
            "number_type": number_type(kind),
            "phone_number": text,
            "pin_and_account_number_required": kind == NumberKind::Mobile,
            "portable": portable,
            "url": format!("{}/v1/Porting/Portability/PhoneNumber/{text}", self.base),
        });
        Answer::json(status, body)
    }

    pub(crate) fn eligibility(&self, ask: &Ask) -> Result<Answer, Refused> {
        ask.query.only(&[])?;
        let body = ask.json.as_ref().and_then(Value::as_object);
        if let Some(name) = body.and_then(|body| body.keys().find(|name| *name != "phone_numbers"))
        {
            let words = format!("Unknown parameter {name}; Twilio has: phone_numbers");
            return Err(Refused::says(20001, words));
        }
        let numbers = body.and_then(|body| body.get("phone_numbers"));
        let Some([number]) = numbers.and_then(Value::as_array).map(Vec::as_slice) else {
            let words = "phone_numbers must hold one phone number";
            return Err(Refused::says(20001, words));
        };
        let Some(text) = number.as_str() else {
            return Err(Refused::says(20001, "phone_numbers must hold text"));
        };
        Ok(Answer::shows(
            json!({ "results": [self.eligible(ask, text)] }),
        ))
    }

    fn eligible(&self, ask: &Ask, text: &str) -> Value {
        let number = self.possible(text, 22102).ok();
        let account = number.and_then(|number| self.account_of(number));
        let (sub_status, why, next) = match (number, account) {
            (None, _) => (
                "NUMBER_FORMAT_INELIGIBLE",
                Some("NUMBER_FORMAT_INELIGIBLE"),
                "EDIT_INELIGIBLE_NUMBER",
            ),
            (Some(_), Some(_)) => (
                "ALREADY_IN_TWILIO",
                Some("ALREADY_IN_TWILIO"),
                "CONTACT_SUPPORT_INELIGIBLE_INVENTORY_STATUS",
            ),
            (Some(_), None) => ("ELIGIBLE", None, "PROCEED_WITH_HOSTING"),
        };
        let ours = account.filter(|account| self.related(account, &ask.caller.account));
        let region = number.and_then(|number| number.region());
        let kind = number.map(|number| number_type(number.kind()).replace('-', "_"));
        json!({
            "account_sid": ask.caller.account,
            "eligibility_status": if why.is_some() { "INELIGIBLE" } else { "ELIGIBLE" },
            "eligibility_sub_status": sub_status,
            "hosting_order_sid": null,
            "hosting_order_status": null,
            "ineligibility_reason": why,
            "inventory_account_sid": ours,
            "inventory_status": account.map(|_| "in-use"),
            "iso_country_code": region.map(|region| region.to_string()),
            "messaging_provider": null,
            "next_step": next,
            "phone_number": text,
            "phone_number_type": kind,
            "voice_provider": null,
        })
    }
}

fn number_type(kind: NumberKind) -> &'static str {
    match kind {
        NumberKind::TollFree => "TOLL-FREE",
        NumberKind::Mobile => "MOBILE",
        NumberKind::FixedLine | NumberKind::FixedOrMobile => "LOCAL",
        _ => "UNKNOWN",
    }
}
