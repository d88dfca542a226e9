//! The rules, one by one: each holds, and each is missed when it is gone.

mod attest;
mod calendar;
mod customer_updates;
mod edges;
mod ending;
mod eta;
mod golden;
mod holidays;
mod intake;
mod late;
mod look;
mod news;
mod notes;
mod progress;
mod readiness;
mod records;
mod release_request;
mod retry;
mod seal;
mod secrets;
mod split;
mod stub;
mod submission;
mod table;
mod told;
mod work;
