//! The desk and the simulated carrier, from the first form to the last test.

mod desk;
mod doubts;
mod intake;
mod sim_carrier;
mod worker;
