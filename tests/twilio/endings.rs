//! A whole port for every ending.
