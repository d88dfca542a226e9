//! Random legal histories: a random walk over the public API.
//!
//! A walk is plain data, a list of [`Turn`]s, so that a failing one can be shrunk. Each turn does
//! one thing that is legal in the state it meets, or tries one that a rule refuses, which must
//! leave the request as it was. All evidence is minted through [`CarrierClientExt`].

#![allow(dead_code, reason = "each test file uses its part")]

pub(crate) mod evidence;
mod order;
mod says;
pub(crate) mod scripts;
mod service;
pub(crate) mod staff;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use snap_port::testing::sample;
use snap_port::{AnyPortRequest as Any, *};

pub(crate) use says::{At, Says, carrier_id, failure, now_or_never};

/// The same cases in every run.
pub(crate) fn config(cases: u32) -> Config {
    Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2),
        max_shrink_iters: 4_000,
        ..Config::default()
    }
}

/// One turn of a walk: how many minutes pass first, and dice for what is done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turn {
    minutes: u16,
    dice: u64,
}

impl Turn {
    pub(crate) fn minutes(self) -> u16 {
        self.minutes
    }
}

pub(crate) fn turns(
    count: impl Into<proptest::collection::SizeRange>,
) -> impl Strategy<Value = Vec<Turn>> {
    let turn = (0..2_000_u16, any::<u64>()).prop_map(|(minutes, dice)| Turn { minutes, dice });
    vec(turn, count)
}

/// Draws that repeat with their seed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n.max(1) as u64).unwrap()
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    /// Some of `numbers`, at least one.
    pub(crate) fn some_of(&mut self, numbers: &NumberList) -> NumberList {
        let drawn: Vec<_> = numbers
            .iter()
            .copied()
            .filter(|_| self.chance(50))
            .collect();
        let one = self.pick(numbers.as_slice());
        NumberList::new(drawn).unwrap_or_else(|_| NumberList::one(one))
    }
}

/// What a walk carries from turn to turn: the time, and names not used yet.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) now: DateTime<Utc>,
    pub(crate) dice: Dice,
    name: String,
    children: usize,
    orders: usize,
    /// Receipts on their way while the request may go on without them.
    late: Vec<SubmissionReceipt>,
}

/// The request after a turn, and the other part if it was split.
pub(crate) type After = (Any, Option<Any>);

impl World {
    /// A world whose requests and orders begin with `name`.
    pub(crate) fn new(name: &str) -> Self {
        Self {
            now: sample::time(),
            dice: Dice(0),
            name: name.to_owned(),
            children: 0,
            orders: 0,
            late: Vec::new(),
        }
    }

    pub(crate) fn open(&self) -> Any {
        let id = PortRequestId::parse(&self.name).unwrap();
        PortRequest::start(id, carrier_id(), permit(sample::admin()), self.now).into()
    }

    pub(crate) fn clock(&self) -> At {
        At(self.now)
    }

    pub(crate) fn turn(&mut self, request: Any, turn: Turn) -> After {
        self.now += TimeDelta::minutes(turn.minutes.into());
        self.dice = Dice(turn.dice);
        if self.dice.chance(5) {
            return (self.astray(request), None);
        }
        match request {
            Any::Draft(r) => (self.draft(r), None),
            Any::Sealed(r) => (self.sealed(r), None),
            Any::Submitted(r) => self.submitted(r),
            Any::ReleaseApproved(r) => self.approved(r),
            Any::Scheduled(r) => self.scheduled(r),
            Any::Ported(r) => self.ported(r),
            Any::Verified(mut r) => {
                let number = r.numbers().first();
                self.observe(&mut r, Fact::Assigned { number });
                (self.noted(r), None)
            }
            Any::Rejected(r) => (self.rejected(r), None),
            Any::Cancelled(mut r) => {
                if r.order().is_some() {
                    self.observe(&mut r, Fact::Unrecognised("post mortem".to_owned()));
                }
                (r.into(), None)
            }
        }
    }

    /// An order turns up beside the request's, or what became of one is said.
    fn astray(&mut self, mut request: Any) -> Any {
        let of_this = |receipt: &SubmissionReceipt| receipt.request() == request.id();
        let at = self.late.iter().position(of_this);
        if let Some(receipt) = at.map(|at| self.late.swap_remove(at)) {
            let _ = request.strayed(receipt);
            return request;
        }
        if let Any::Sealed(sealed) = &request
            && sealed.phase().may_be_with_carrier()
        {
            let filed = Filed(self.next_order());
            let said = self.says(filed);
            let receipt = Says::silent().attest_filed(sealed, said, &self.clock());
            self.late.push(receipt.unwrap());
            return request;
        }
        if let Some(stray) = request.stray_orders().first() {
            let how = self.words();
            let _ = request.settle_stray(&stray.order, how, self.anyone(), self.now);
        }
        request
    }

    /// Anyone whose role allows `A`.
    pub(crate) fn anyone<A: act::Act>(&mut self) -> Permit<A> {
        let names = ["Ann", "José Ñandú", "O'Brien \"Bo\"", "星野"];
        let actor = Actor::new(self.dice.pick(&names), self.dice.pick(A::ROLES)).unwrap();
        permit(actor)
    }

    pub(crate) fn says<T>(&mut self, what: T) -> Statement<T> {
        Statement::new(self.anyone(), self.now, what)
    }

    pub(crate) fn words(&mut self) -> String {
        let words = ["", "paid", "\"quoted\" \\ and\nbroken", "gebühr – 費用 ✓"];
        self.dice.pick(&words).to_owned()
    }

    pub(crate) fn next_order(&mut self) -> OrderRef {
        self.orders += 1;
        OrderRef::parse(&format!("{} / {}", self.name, self.orders)).unwrap()
    }

    pub(crate) fn next_child(&mut self) -> PortRequestId {
        self.children += 1;
        PortRequestId::parse(&format!("{}.{}", self.name, self.children)).unwrap()
    }

    pub(crate) fn refusal(&mut self) -> Refusal {
        let reasons = [Reason::TicketUnknown, Reason::Paperwork, Reason::Other];
        Refusal::new(self.dice.pick(&reasons), self.words())
    }

    fn package(&mut self, frozen: Option<EarliestPortDate>) -> SubmissionPackage {
        let first = self.dice.below(40);
        let count = 1 + self.dice.below(4);
        let numbers = sample::numbers_from(first, count);
        let mut form = Checklist::from(&sample::package(&numbers, self.now));
        if self.dice.chance(50) {
            let platform = self.dice.pick(&["JustCall", "HighLevel", "Ruf & Söhne"]);
            let platform: LosingPlatform = platform.parse().unwrap();
            let account = AccountId::parse("customer 17").unwrap();
            form.set_losing(LosingAccount::new(platform.clone(), account))
                .set_ticket(ReleaseTicket::new(platform, "T/4711 é").unwrap());
        }
        if self.dice.chance(30) {
            form.set_destination(Destination::new(sample::gaining_account()));
        }
        if self.dice.chance(30) {
            form.set_loa(sample::loa(
                &sample::numbers_from(first, count + 2),
                self.now,
            ))
            .add_proof(sample::proof());
        }
        if let Some(frozen) = frozen {
            form.set_earliest(frozen);
        }
        form.complete().unwrap()
    }

    fn draft(&mut self, mut draft: PortRequest<Draft>) -> Any {
        let package = self.package(draft.frozen_date().cloned());
        match self.dice.below(20) {
            0 => {
                let form = draft.checklist_mut();
                form.set_ticket(package.ticket().clone());
                draft.into()
            }
            1 => {
                *draft.checklist_mut() = (&package).into();
                draft.into()
            }
            2 => {
                let mut form = Checklist::from(&package);
                form.set_loa(sample::loa(&sample::numbers_from(90, 1), self.now));
                let letter_of_others = form.complete().unwrap();
                or_back(draft.seal(&letter_of_others, self.anyone(), self.now))
            }
            3 => draft
                .withdrawn(self.anyone(), self.words(), self.now)
                .into(),
            4 => {
                let what = self.overriding();
                let _ = draft.override_rule(what, self.anyone(), self.now);
                draft.into()
            }
            5 => {
                let _ = draft.note(Note::ReleaseRequested, self.anyone(), self.now);
                draft.into()
            }
            _ => or_back(draft.seal(&package, self.anyone(), self.now)),
        }
    }

    fn sealed(&mut self, mut sealed: PortRequest<Sealed>) -> Any {
        match self.dice.below(14) {
            0 => return self.noted(sealed),
            12 => {
                let what = self.overriding();
                let _ = sealed.override_rule(what, self.anyone(), self.now);
                return sealed.into();
            }
            1 => {
                sealed.request_cancel(self.words(), self.anyone(), self.now);
                return sealed.into();
            }
            2 => {
                let finding = Finding {
                    field: "letter".to_owned(),
                    reason: self.words(),
                    remedy: self.words(),
                };
                let review = sealed.review(self.anyone(), self.now);
                return match review.send_back(vec![finding]) {
                    Ok(review) => or_back(sealed.sent_back(review)),
                    Err(_) => sealed.into(),
                };
            }
            _ => {}
        }
        match sealed.phase() {
            AttemptPhase::UnderReview => {
                let lists = if self.dice.chance(10) {
                    sample::numbers_from(90, 1)
                } else {
                    sealed.numbers().clone()
                };
                let review = sealed.review(self.anyone(), self.now).pass(lists);
                let _ = sealed.pass_review(review);
                sealed.into()
            }
            AttemptPhase::Cleared => self.send(sealed),
            AttemptPhase::Sent
            | AttemptPhase::HandedOver
            | AttemptPhase::InDoubt
            | AttemptPhase::NeedsPerson => self.settle(sealed),
        }
    }

    fn send(&mut self, mut sealed: PortRequest<Sealed>) -> Any {
        let cleared = sealed.cleared().unwrap();
        if let Some(stray) = sealed.stray_orders().first() {
            let refused = sealed.dispatch(cleared, self.now).unwrap_err();
            assert!(matches!(refused, Violation::StrayOpen { .. }), "{refused}");
            let permit = self.anyone();
            let settled = sealed.settle_stray(&stray.order, "cancelled", permit, self.now);
            settled.unwrap();
            return sealed.into();
        }
        let once = sealed.dispatch(cleared, self.now).unwrap();
        let submit = match self.dice.below(8) {
            0 => return sealed.into(), // the process dies before the call
            1 => Err(failure(CarrierErrorKind::Timeout)),
            2 => Err(failure(CarrierErrorKind::Unreachable)),
            3 => Ok(SubmitReport::HandedOver { how: self.words() }),
            4 => Ok(SubmitReport::Refused(self.refusal())),
            _ => Ok(SubmitReport::Taken {
                order: self.next_order(),
                at: self.now - TimeDelta::minutes(3),
            }),
        };
        let carrier = Says {
            submit,
            ..Says::silent()
        };
        let clock = self.clock();
        match now_or_never(carrier.submit_request(&sealed, once, &clock)).unwrap() {
            Submission::Accepted(receipt) => sealed.submitted(receipt).unwrap().into(),
            Submission::Refused(notice) => sealed.refused(notice).unwrap().into(),
            Submission::HandedOver(news)
            | Submission::NotTaken(news, _)
            | Submission::InDoubt(news, _) => {
                sealed.heard(news).unwrap();
                sealed.into()
            }
        }
    }

    fn settle(&mut self, mut sealed: PortRequest<Sealed>) -> Any {
        if sealed.retry(self.now).is_ok() {
            return sealed.into();
        }
        let clock = self.clock();
        let carrier = Says::silent();
        match self.dice.below(10) {
            0 => {
                let filed = Filed(self.next_order());
                let said = self.says(filed);
                let receipt = carrier.attest_filed(&sealed, said, &clock).unwrap();
                return or_back(sealed.submitted(receipt));
            }
            1 => {
                let not_filed = NotFiled(self.words());
                let said = self.says(not_filed);
                let news = carrier.attest_not_filed(&sealed, said, &clock).unwrap();
                let _ = sealed.heard(news);
                return sealed.into();
            }
            2 => {
                let refusal = self.refusal();
                let said = self.says(refusal);
                let notice = carrier.attest_not_taken(&sealed, said, &clock).unwrap();
                return or_back(sealed.refused(notice));
            }
            _ => {}
        }
        let find = match self.dice.below(6) {
            0 => FindReport::CannotTell { why: self.words() },
            1 => FindReport::Found {
                order: self.next_order(),
                at: self.now,
            },
            _ => FindReport::Absent,
        };
        let carrier = Says {
            find,
            ..Says::silent()
        };
        match now_or_never(carrier.resolve(&sealed, &clock)).unwrap() {
            Resolution::Found(receipt) => or_back(sealed.submitted(receipt)),
            Resolution::Unclear(news) => {
                let _ = sealed.heard(news);
                sealed.into()
            }
        }
    }

    fn rejected(&mut self, mut rejected: PortRequest<Rejected>) -> Any {
        match self.dice.below(8) {
            0 => self.noted(rejected),
            1 => rejected
                .withdrawn(self.anyone(), self.words(), self.now)
                .into(),
            2 if rejected.order().is_some() => {
                self.observe(&mut rejected, Fact::Resumed);
                rejected.into()
            }
            _ => rejected.amend(self.anyone(), self.now).into(),
        }
    }

    pub(crate) fn noted<S: HasPackage>(&mut self, mut request: PortRequest<S>) -> Any
    where
        Any: From<PortRequest<S>>,
    {
        let losing = request.package().losing().platform().clone();
        let file = DocumentFile::describe("more é.pdf", "x/more.pdf", b"%PDF-1.7");
        let note = match self.dice.below(9) {
            0 => Note::Comment(self.words()),
            6 => self.carried(request.numbers()),
            7 => Note::Claimed,
            8 => Note::Unclaimed,
            1 => Note::ReleaseRequested,
            2 => Note::Chased(Party::LosingPlatform),
            3 => Note::DocumentAdded(file.unwrap()),
            4 => Note::TicketSuperseded(ReleaseTicket::new(LosingPlatform::Aircall, "9").unwrap()),
            _ => Note::TicketSuperseded(ReleaseTicket::new(losing, "N 2").unwrap()),
        };
        let _ = request.note(note, self.anyone(), self.now);
        request.into()
    }

    fn carried(&mut self, numbers: &NumberList) -> Note {
        let all = self.dice.chance(50);
        Note::Carryover {
            item: self.dice.pick(&CarryoverItem::ALL),
            numbers: (!all).then(|| numbers.first().into()),
            state: CarryoverState::Exported,
        }
    }

    fn overriding(&mut self) -> Override {
        Override {
            rule: Rule::ProofAge,
            value: "2026-01-05".to_owned(),
            reason: self.words(),
        }
    }

    pub(crate) fn observe<S: Observable>(&mut self, request: &mut PortRequest<S>, fact: Fact) {
        let said = self.says(fact);
        let seen = Says::silent().attest_fact(request, said, &self.clock());
        request.observe(seen.unwrap()).unwrap();
    }
}

pub(crate) fn permit<A: act::Act>(actor: Actor) -> Permit<A> {
    actor.permit().unwrap()
}

/// The next state, or the request that a rule kept where it was.
pub(crate) fn or_back<S: State, N: State>(
    outcome: Result<PortRequest<N>, TransitionError<S>>,
) -> Any
where
    Any: From<PortRequest<S>> + From<PortRequest<N>>,
{
    match outcome {
        Ok(next) => next.into(),
        Err(refused) => refused.into_request().into(),
    }
}

/// A walk's end, the stored record after every turn, and the parts that were split off on the way.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) request: Any,
    pub(crate) records: Vec<Vec<u8>>,
    pub(crate) parts: Vec<Any>,
}

/// Walks `turns` with a request called `name`; after a split it goes on with a random part.
pub(crate) fn walk(name: &str, turns: &[Turn]) -> History {
    let mut world = World::new(name);
    let mut request = world.open();
    let mut records = vec![request.to_json().unwrap()];
    let mut parts = Vec::new();
    for turn in turns {
        let (next, part) = world.turn(request, *turn);
        request = next;
        if let Some(mut part) = part {
            if world.dice.chance(50) {
                std::mem::swap(&mut request, &mut part);
            }
            parts.push(part);
        }
        records.push(request.to_json().unwrap());
    }
    History {
        request,
        records,
        parts,
    }
}
