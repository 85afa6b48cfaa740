//! A fast store above a large, lasting or shared one.

mod failing;
mod peers;
mod races;
mod reading;
mod writing;
