//! Whose the numbers of a stray order are.

use super::*;

#[tokio::test]
async fn numbers_of_a_stray_order_are_not_submitted_by_another_request() {
    let (place, one, two) = (Place::seen_after(0), id("one"), id("two"));
    ended_with_a_stray(&place, &one).await;
    let package = sample::package(&sample::numbers(3), place.clock.now());
    let admin = || sample::admin().permit().unwrap();
    let start = place.desk.start(
        two.clone(),
        place.carrier.id(),
        sample::admin().permit().unwrap(),
    );
    start.await.unwrap();
    let fill = place.desk.fill(&two, |form| *form = (&package).into());
    fill.await.unwrap();
    let refused = place.desk.seal(&two, admin()).await.unwrap_err();
    assert!(
        matches!(&refused, DeskError::Store(StoreError::NumberTaken { by, .. }) if *by == one),
        "{refused}"
    );
    let order = place.carrier.orders_of(&one)[0].clone();
    let permit = sample::support().permit().unwrap();
    let settled = place.desk.settle_stray(&one, &order, "cancelled", permit);
    settled.await.unwrap();
    reseal(&place.desk, &two).await;
    assert_eq!(place.advance(&two).await, Status::Submitted);
}

#[tokio::test]
async fn a_stray_order_is_kept_although_another_request_holds_its_numbers() {
    let (place, one, two) = (Place::seen_after(0), id("one"), id("two"));
    place.cleared(&one, &sample::numbers(3)).await;
    let call = under_way(&place, &one);
    place.not_filed(&one).await;
    place.sent_back(&one).await;
    place.cleared(&two, &sample::numbers(3)).await;
    let advance = call.await.unwrap();
    assert_eq!(advance.to, Status::Draft);
    assert_eq!(place.strays(&one).await, 1);
    // Staff can still work at it, and settle it.
    let permit = sample::support().permit().unwrap();
    place.desk.claim(&one, permit).await.unwrap();
    let order = place.carrier.orders_of(&one)[0].clone();
    let permit = sample::support().permit().unwrap();
    let settled = place.desk.settle_stray(&one, &order, "cancelled", permit);
    settled.await.unwrap();
    assert_eq!(place.strays(&one).await, 0);
}

#[tokio::test]
async fn a_form_releases_no_number_of_a_stray_order_and_holds_none_of_its_own() {
    let (place, one, two) = (Place::seen_after(0), id("one"), id("two"));
    place.cleared(&one, &sample::numbers(3)).await;
    let call = under_way(&place, &one);
    place.not_filed(&one).await;
    place.sent_back(&one).await;
    call.await.unwrap();
    // The customer names other numbers by now, one of which somebody else moves.
    place.cleared(&two, &sample::numbers_from(50, 1)).await;
    let form = sample::package(&sample::numbers_from(50, 2), place.clock.now());
    let fill = place
        .desk
        .fill(&one, |checklist| *checklist = (&form).into());
    fill.await.unwrap();
    let store = |number| Find::Number(sample::number(number));
    let holders = async |number| {
        let found = place.desk.find(&store(number), &Page::first(9)).await;
        let found = found
            .unwrap()
            .into_iter()
            .filter(|found| found.row.holds_numbers);
        found.map(|found| found.row.id).collect::<Vec<_>>()
    };
    assert_eq!(holders(0).await, [one]);
    assert_eq!(holders(50).await, [two]);
    assert_eq!(holders(51).await, []);
}

#[tokio::test]
async fn a_stray_order_that_shows_after_a_split_binds_both_parts() {
    let (place, whole, part) = (Place::seen_after(5), id("whole"), id("part"));
    two_orders(&place, &whole).await;
    place.pass(4);
    assert_eq!(place.advance(&whole).await, Status::Submitted);
    let one = NumberList::one(sample::number(2));
    let permit = sample::support().permit().unwrap();
    let split = place.desk.split(&whole, part.clone(), one, "later", permit);
    split.await.unwrap();
    place.pass(10);
    place.advance(&whole).await;
    place.advance(&part).await;
    let numbers = async |id| {
        let strays = place.desk.get(id).await.unwrap().stray_orders();
        let [stray] = &strays[..] else {
            panic!("{strays:?}");
        };
        stray.numbers.iter().copied().collect::<Vec<_>>()
    };
    assert_eq!(numbers(&whole).await, sample::numbers(2).as_slice());
    assert_eq!(numbers(&part).await, [sample::number(2)]);
}
