//! What a person can do about a failure.

use tower_client::auth::AuthErrorKind;

use super::Reason;
use crate::LoginErrorKind;
use crate::envelope::Refusal;

pub(super) fn next_step(reason: Reason) -> &'static str {
    match reason {
        Reason::Refused(refusal) => refused_step(refusal),
        Reason::HiddenError => "the car or the service cannot do this now; try again later",
        Reason::NotJson | Reason::TooLarge(_) => {
            "something between here and the service answered in its place, or the service has \
             changed; check the proxy and try again later"
        }
        Reason::Timeout(_) | Reason::Failed => {
            "check the network and the proxy settings, then try again"
        }
        Reason::SignIn(kind) => sign_in_step(kind),
        Reason::Credential(kind) => credential_step(kind),
        Reason::InvalidTarget => "give a path that starts with '/'",
        Reason::NotAccepted => {
            "see that the car is locked, switched off and in reach of a network, then give the command \
             again; if it stays, the car does not support it"
        }
        Reason::InvalidCommand => "correct the command",
        Reason::NotOffered => {
            "the car or its subscription does not have this; what was refused is tried again a day \
             later"
        }
        Reason::UnknownUser => "sign in through the client, or name the user to it",
        Reason::Crowded => "make fewer calls at once",
        Reason::Config => "correct the setting",
    }
}

fn refused_step(refusal: Refusal) -> &'static str {
    match refusal {
        Refusal::Token => "sign in again",
        Refusal::NotInAccount => "remove the car from the account in the app, or add it there anew",
        Refusal::Unauthorized => {
            "the service has moved or fenced this function, or the car is not entitled to it; \
                 check the car's subscription"
        }
        Refusal::ApiKey => "check the API key (TOYOTA_API_KEY): the service does not accept it",
        Refusal::MissingHeader => {
            "the service asks for a header that was not sent: name the car, if the call is about one, or \
             update the program"
        }
        Refusal::Throttled => "wait a few minutes before the next request",
        Refusal::Unsupported => "this car or its backend does not support it",
        Refusal::NotFound => "the service has no such function; update the program",
        Refusal::Server => "the service has a fault; try again later",
        Refusal::Other => "try again later; if it stays, update the program",
    }
}

fn credential_step(kind: AuthErrorKind) -> &'static str {
    match kind {
        AuthErrorKind::Store => {
            "see to the stored token that it names, or remove it and sign in again"
        }
        AuthErrorKind::Timeout | AuthErrorKind::Deadline => {
            "check the network and the proxy settings, then try again"
        }
        _ => "sign in again",
    }
}

fn sign_in_step(kind: LoginErrorKind) -> &'static str {
    match kind {
        LoginErrorKind::UnknownUser => "check the user name (TOYOTA_USERNAME)",
        LoginErrorKind::InvalidPassword => {
            "check the password (TOYOTA_PASSWORD); several wrong ones can lock the account"
        }
        LoginErrorKind::CodeRequired => {
            "sign in interactively with `toyota login` and enter the code you are sent"
        }
        LoginErrorKind::UnsupportedStep => {
            "sign in once with the official app, which can answer this step, then try again"
        }
        LoginErrorKind::InvalidClient => {
            "check the OAuth client (TOYOTA_OAUTH_CLIENT_ID, TOYOTA_OAUTH_CLIENT_SECRET)"
        }
        LoginErrorKind::InvalidGrant | LoginErrorKind::Expired | LoginErrorKind::NoPassword => {
            "sign in again"
        }
        LoginErrorKind::Protocol | LoginErrorKind::Refused => {
            "the login host has changed or refuses this client; update the program"
        }
        LoginErrorKind::Unavailable => "the login host has a fault; try again later",
        LoginErrorKind::Timeout | LoginErrorKind::Transport => {
            "check the network and the proxy settings, then try again"
        }
    }
}
