use chrono::TimeDelta;
use snap_port::testing::{FakeAccount, FakeSupport, FakeTicket, FakeTicketStatus as Status};

use super::{GAINING, LOSING, SIBLING, World, number};

impl World {
    fn ticket(&self, count: usize) -> String {
        let numbers: Vec<_> = (0..count).map(number).collect();
        for number in &numbers {
            self.fake.add_number(*number, LOSING);
        }
        self.fake.file_ticket(FakeTicket {
            subject: "Transfer numbers between accounts".to_owned(),
            losing: LOSING.to_owned(),
            gaining: GAINING.to_owned(),
            numbers,
            body: "Both owners agree.".to_owned(),
        })
    }

    fn status(&self, id: &str) -> Status {
        self.fake.ticket(id).unwrap().status
    }

    /// The accounts of the first `count` numbers.
    fn owners(&self, count: usize) -> Vec<Option<String>> {
        (0..count)
            .map(|index| self.fake.owner_of(number(index)))
            .collect()
    }

    fn hours(&self, hours: i64) {
        self.pass(hours * 3600);
    }
}

fn all(account: &str, count: usize) -> Vec<Option<String>> {
    vec![Some(account.to_owned()); count]
}

#[tokio::test]
async fn support_approves_and_then_moves() {
    let world = World::new().await;
    let id = world.ticket(3);
    assert_eq!(world.status(&id), Status::Open);
    world.hours(24);
    assert_eq!(world.status(&id), Status::Approved);
    assert_eq!(world.owners(3), all(LOSING, 3));
    world.hours(24);
    assert_eq!(world.status(&id), Status::Done);
    assert_eq!(world.owners(3), all(GAINING, 3));
    let state = world.fake.ticket(&id).unwrap();
    assert_eq!(state.moved, [0, 1, 2].map(number));
    // Everything happened at its own time, though nobody looked.
    let approved = state
        .log
        .iter()
        .find(|(_, text)| text == "approved")
        .unwrap();
    assert_eq!(approved.0, state.filed_at + TimeDelta::hours(24));
    assert_eq!(world.fake.tickets(), [state]);
}

#[tokio::test]
async fn a_hold_lasts_until_somebody_replies() {
    let world = World::new().await;
    world.fake.support(FakeSupport::smooth().holds("a fee"));
    let id = world.ticket(1);
    world.hours(24 * 30);
    assert_eq!(world.status(&id), Status::OnHold("a fee".to_owned()));
    assert!(world.fake.reply_to_ticket(&id));
    assert_eq!(world.status(&id), Status::Open);
    world.hours(48);
    assert_eq!(
        (world.status(&id), world.owners(1)),
        (Status::Done, all(GAINING, 1))
    );
    assert!(!world.fake.reply_to_ticket("none"));
}

#[tokio::test]
async fn a_refusal_moves_nothing() {
    let world = World::new().await;
    world
        .fake
        .support_next(FakeSupport::smooth().refuses("not an owner"));
    let id = world.ticket(1);
    world.hours(24 * 30);
    assert_eq!(
        world.status(&id),
        Status::Refused("not an owner".to_owned())
    );
    assert_eq!(world.owners(1), all(LOSING, 1));
    // The script was for that ticket only.
    let id = world.ticket(1);
    world.hours(48);
    assert_eq!(world.status(&id), Status::Done);
}

#[tokio::test]
async fn numbers_may_move_before_anybody_says_so() {
    let world = World::new().await;
    world.fake.support(FakeSupport::smooth().moves_early());
    let id = world.ticket(2);
    world.hours(12);
    assert_eq!(
        (world.status(&id), world.owners(2)),
        (Status::Open, all(GAINING, 2))
    );
    world.hours(12);
    assert_eq!(world.status(&id), Status::Done);
}

#[tokio::test]
async fn some_may_move_first_or_elsewhere_or_be_released() {
    let world = World::new().await;
    let support = FakeSupport::smooth()
        .moves_some(1, TimeDelta::hours(30))
        .moves_into(SIBLING);
    world.fake.support(support.deletes(number(2)));
    let id = world.ticket(3);
    world.hours(48);
    let (losing, sibling) = (Some(LOSING.to_owned()), Some(SIBLING.to_owned()));
    assert_eq!(world.owners(3), [sibling.clone(), losing.clone(), losing]);
    assert_eq!(world.status(&id), Status::Approved);
    world.hours(30);
    assert_eq!(world.owners(3), [sibling.clone(), sibling, None]);
    assert_eq!(world.status(&id), Status::Done);
    assert_eq!(world.fake.ticket(&id).unwrap().moved, [0, 1].map(number));
}

#[tokio::test]
async fn the_first_may_go_astray_and_the_others_where_the_ticket_says() {
    for support in [
        FakeSupport::smooth(),
        FakeSupport::smooth().moves_some(1, TimeDelta::hours(1)),
        FakeSupport::smooth().moves_some(3, TimeDelta::hours(1)),
    ] {
        let world = World::new().await;
        world.fake.support(support.moves_some_into(2, SIBLING));
        let id = world.ticket(4);
        world.hours(50);
        let (astray, right) = (all(SIBLING, 2), all(GAINING, 2));
        assert_eq!(world.owners(4), [astray, right].concat());
        assert_eq!(world.status(&id), Status::Done);
    }
}

#[tokio::test]
async fn a_ticket_closes_in_silence_and_opens_again() {
    let world = World::new().await;
    world.fake.support(FakeSupport::smooth().silent());
    let id = world.ticket(1);
    world.hours(9 * 24 - 1);
    assert_eq!(world.status(&id), Status::Open);
    world.hours(1);
    assert_eq!(
        (world.status(&id), world.owners(1)),
        (Status::Closed, all(LOSING, 1))
    );
    world.fake.reply_to_ticket(&id);
    world.hours(48);
    assert_eq!(
        (world.status(&id), world.owners(1)),
        (Status::Done, all(GAINING, 1))
    );
}

#[tokio::test]
async fn a_reply_in_time_keeps_a_ticket_open_and_one_too_late_changes_nothing() {
    let world = World::new().await;
    let days = TimeDelta::days;
    let support = FakeSupport::smooth().silent().answers_after(days(12));
    world.fake.support(support.moves_after(days(1)));
    let id = world.ticket(1);
    world.hours(24);
    world.fake.reply_to_ticket(&id);
    world.fake.reply_to_ticket(&id);
    world.hours(11 * 24);
    assert_eq!(world.status(&id), Status::Open);
    world.hours(24);
    assert_eq!(world.status(&id), Status::Approved);
    world.hours(24);
    assert_eq!(world.status(&id), Status::Done);
    world.fake.reply_to_ticket(&id);
    assert_eq!(world.status(&id), Status::Done);
}

#[tokio::test]
async fn a_trial_account_receives_nothing_and_others_numbers_stay() {
    let world = World::new().await;
    world.fake.add_account(FakeAccount::new(GAINING).trial());
    let id = world.ticket(1);
    world.hours(48);
    assert!(matches!(world.status(&id), Status::Refused(_)));
    assert_eq!(world.owners(1), all(LOSING, 1));

    world.fake.add_account(FakeAccount::new(GAINING));
    let id = world.ticket(2);
    world.fake.add_number(number(1), SIBLING);
    world.hours(48);
    let expected = [Some(GAINING.to_owned()), Some(SIBLING.to_owned())];
    assert_eq!(world.owners(2), expected);
    assert_eq!(world.fake.ticket(&id).unwrap().moved, [number(0)]);
}
