//! Laws that hold for random histories, lists of days and scripts.

mod calendar;
mod fleet;
mod histories;
mod mutation;
mod replay;
mod sim;
mod split;
mod wall;
