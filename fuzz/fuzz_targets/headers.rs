//! Header lines through everything that reads them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tower_client_fuzz::checks::{announced, bounds, decisions, fields, keys, lines, values};
use tower_client_fuzz::message::Message;

fuzz_target!(|text: &[u8]| {
    let message = Message::read(text);

    for headers in [&message.request, &message.response] {
        values::round_trips(headers);
        lines::directives_of_all_lines(headers);
        announced::lengths(headers);
        bounds::outputs_are_no_longer_than_inputs(headers);
    }
    lines::vary(&message);
    fields::stored_and_served(&message);
    fields::updated(&message);
    decisions::answers(&message);
    decisions::validations(&message);
    keys::normal_forms(&message);
});
