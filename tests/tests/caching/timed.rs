//! What needs time to pass, settings or more than one caller: through the layer alone.

mod ageing;
mod control;
mod fixed;
mod lengths;
mod principals;
mod refresh;
mod rules;
