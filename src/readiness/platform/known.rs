//! What was found of each platform. Whoever adds to it names the page and the day it was read, and
//! leaves out what no page says.

use chrono::NaiveDate;

use super::{PlatformFact, PlatformGuide, Source, UsualTime};

// Evaluated by the compiler: a date that does not exist would not build.
pub(super) const NOV_23: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a date");
pub(super) const NOV_24: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date");

pub(super) const ADVICE: Source = Source::elsewhere(
    "this crate's own advice; nothing that the platform publishes on it was found",
    NOV_24,
);
const SNAP_PORT: Source = Source::elsewhere(
    "Aloware, help article 9037398 on snap ports: https://support.aloware.com/en/articles/9037398",
    NOV_23,
);
const CLOSE: Source = Source::elsewhere(
    "Close, help article 445, \"Porting process for Twilio numbers\": \
     https://close.helpscoutdocs.com/article/445-porting-your-number",
    NOV_24,
);
pub(super) const CASE: Source = Source::elsewhere(
    "a customer's public notes on a transfer between two Twilio accounts in 2026; Twilio's own \
     text was not read",
    NOV_23,
);
const LOST_NUMBERS: Source = Source::elsewhere(
    "Twilio Support, article 223183028, as quoted elsewhere: \
     https://support.twilio.com/hc/en-us/articles/223183028",
    NOV_23,
);
const AIRCALL_LEAVING: Source = Source::own(
    "Aircall, help article 10375397110301, \"Portierung Ihrer Aircall-Nummern\" (in German): \
     https://support.aircall.io/hc/de/articles/10375397110301",
    NOV_24,
);
const JUSTCALL_HELP: Source = Source::own(
    "JustCall Help Center, article 1929254 (what users cannot change goes to support): \
     https://help.justcall.io/en/articles/1929254",
    NOV_24,
);
const HIGHLEVEL_MOVING: Source = Source::own(
    "HighLevel Support Portal, article 48001240107, \"Moving Phone Numbers Across Accounts (US \
     and International)\", in a public copy: \
     https://help.gohighlevel.com/support/solutions/articles/48001240107",
    NOV_24,
);
const HIGHLEVEL_BEFORE: Source = Source::own(
    "HighLevel Support Portal, article 48001240107 as of July 2025, in a public copy: \
     https://help.gohighlevel.com/support/solutions/articles/48001240107",
    NOV_24,
);
const HIGHLEVEL_LC_OFF: Source = Source::own(
    "HighLevel Support Portal, article 48001231698 on turning LC Phone off, as of March 2025, in \
     a public copy: https://help.gohighlevel.com/support/solutions/articles/48001231698",
    NOV_24,
);

const WHO: PlatformFact = PlatformFact::new(
    "The owner of the account or one of its admins, from an e-mail address the platform knows.",
    ADVICE,
);
const SAY_TRANSFER: PlatformFact = PlatformFact::new(
    "That you ask for approval of a transfer between two accounts of one carrier, and that the \
     carrier has to hear it from the platform as well as from the gaining side.",
    CLOSE,
);
const SAY_PARTS: PlatformFact = PlatformFact::new(
    "Every number, the gaining account at the carrier, and the time frame.",
    CLOSE,
);
const SAY_APPROVER: PlatformFact = PlatformFact::new(
    "That the approval must come from a user listed on the losing account at the carrier, and must \
     name the gaining account.",
    CASE,
);
const SAY_NO_PIN: PlatformFact = PlatformFact::new(
    "That no PIN and no customer service record is needed: they serve a move to another carrier.",
    CASE,
);
const SAY_TICKET: PlatformFact = PlatformFact::new(
    "That you need a ticket ID or confirmation number back.",
    SNAP_PORT,
);
const KEEP_ACCOUNT: PlatformFact = PlatformFact::new(
    "Keep the account active and paid until every number has arrived and works.",
    CASE,
);
const KEEP_NUMBERS: PlatformFact = PlatformFact::new(
    "Keep every number on the account. One that goes back to the carrier's pool can be recovered \
     for 10 days only.",
    LOST_NUMBERS,
);

pub(super) static GENERAL: PlatformGuide = PlatformGuide {
    ask_at: PlatformFact::new(
        "The platform's support, in a way that gets a ticket ID or a confirmation number.",
        SNAP_PORT,
    ),
    who_may_ask: WHO,
    say: &[
        SAY_TRANSFER,
        SAY_PARTS,
        SAY_APPROVER,
        SAY_NO_PIN,
        SAY_TICKET,
    ],
    keep: &[KEEP_ACCOUNT, KEEP_NUMBERS],
    usual_time: None,
    fees: None,
    in_its_words: None,
};

pub(super) static AIRCALL: PlatformGuide = PlatformGuide {
    ask_at: PlatformFact::new(
        "Aircall's porting team: a request in the porting section of Aircall's help centre.",
        AIRCALL_LEAVING,
    ),
    who_may_ask: WHO,
    say: &[
        PlatformFact::new(
            "That your numbers are about to move: the porting team asks to be told.",
            AIRCALL_LEAVING,
        ),
        PlatformFact::new(
            "The company's name as Aircall has it. Aircall has no account numbers; its porting \
             team says in the ticket what to give instead.",
            AIRCALL_LEAVING,
        ),
        SAY_TRANSFER,
        SAY_PARTS,
        SAY_APPROVER,
        PlatformFact::new(
            "That you do not need the PIN or RIO code which the porting team hands out: they \
             serve a move to another carrier.",
            CASE,
        ),
        SAY_TICKET,
    ],
    keep: &[
        PlatformFact::new(
            "Keep the Aircall account active until the move is complete.",
            AIRCALL_LEAVING,
        ),
        PlatformFact::new(
            "Keep every number in the Aircall dashboard until its arrival is confirmed; only then \
             end its billing there.",
            AIRCALL_LEAVING,
        ),
        KEEP_NUMBERS,
    ],
    // The 10 to 15 business days that Aircall publishes are for numbers that move to Aircall.
    usual_time: None,
    fees: Some(PlatformFact::new(
        "Aircall charges nothing for moving a number away.",
        AIRCALL_LEAVING,
    )),
    in_its_words: Some(
        "Please do not treat it as a move to another carrier: a PIN or a RIO code is of no use here.",
    ),
};

pub(super) static JUSTCALL: PlatformGuide = PlatformGuide {
    ask_at: PlatformFact::new(
        "JustCall's support, through its help centre, help.justcall.io. No page of JustCall's on \
         numbers that leave was found.",
        JUSTCALL_HELP,
    ),
    who_may_ask: PlatformFact::new(
        "The account owner or an admin, from the e-mail address of their JustCall login.",
        ADVICE,
    ),
    say: &[
        SAY_TRANSFER,
        SAY_PARTS,
        SAY_APPROVER,
        SAY_NO_PIN,
        SAY_TICKET,
    ],
    keep: &[KEEP_ACCOUNT, KEEP_NUMBERS],
    usual_time: None,
    fees: None,
    in_its_words: None,
};

pub(super) static HIGHLEVEL: PlatformGuide = PlatformGuide {
    ask_at: PlatformFact::new(
        "HighLevel Support: one request with everything in it. It deals with Twilio itself.",
        HIGHLEVEL_MOVING,
    ),
    who_may_ask: PlatformFact::new(
        "The agency's owner or an admin. Where an agency runs the sub-account, let the agency ask.",
        ADVICE,
    ),
    say: &[
        PlatformFact::new(
            "That numbers move from LC Phone to a Twilio account: HighLevel's \"migration across \
             accounts\".",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "Every number in E.164, the gaining Twilio account SID, and the preferred window.",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "The Location ID of the sub-account that holds the numbers: Settings, Business \
             Profile.",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "For numbers outside the US also the country and number type, and the Regulatory \
             Bundle SID and Address SID where the country requires them.",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "Account SIDs only: no auth token and no password belongs in the request.",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "If Twilio is written to as well, copy migration@leadconnectorhq.com.",
            HIGHLEVEL_BEFORE,
        ),
        SAY_APPROVER,
        SAY_TICKET,
    ],
    keep: &[
        PlatformFact::new(
            "Keep every number as it is until HighLevel confirms the move and it has been tested.",
            HIGHLEVEL_MOVING,
        ),
        PlatformFact::new(
            "Keep LC Phone on: numbers it still holds when it is turned off are lost for good.",
            HIGHLEVEL_LC_OFF,
        ),
        PlatformFact::new(
            "Keep HighLevel's ticket open until the numbers have been tested.",
            HIGHLEVEL_MOVING,
        ),
        KEEP_ACCOUNT,
    ],
    usual_time: Some(UsualTime {
        business_days: 1..=2,
        fact: PlatformFact::new(
            "1 to 2 business days once HighLevel Support has everything; longer where regulators \
             have a say.",
            HIGHLEVEL_MOVING,
        ),
    }),
    fees: None,
    in_its_words: Some(
        "Your help pages call this a migration of LC Phone numbers across accounts, which your \
         support team coordinates.",
    ),
};
