//! The logins that have begun and not ended.

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use super::{callbacks, echo, failure::Failure, flow::LoginFlow, step::Step};
use crate::{
    bounded::BoundedMap,
    clock::{epoch_seconds, later},
    exchange::Exchange,
    jwt,
    random::Random,
    realm::Realm,
};

const LIFETIME: Duration = Duration::from_secs(30 * 60);
const CAPACITY: usize = 64;

/// What stays the same from a login's first post to its last.
pub(super) struct Visitor {
    pub(super) realm: Realm,
    pub(super) flow: LoginFlow,
    pub(super) route_cookie: String,
}

impl Visitor {
    /// Returns whether a post carries the cookies that every answer sets.
    fn sent(&self, exchange: &Exchange<'_>) -> bool {
        exchange.cookie("route") == Some(&self.route_cookie)
            && exchange.cookie("amlbcookie") == Some("01")
    }
}

/// A login that waits for the answer to its last question.
pub(super) struct Login {
    pub(super) visitor: Visitor,
    pub(super) step: Step,
    question: Value,
    expires: SystemTime,
}

impl Login {
    fn check(&self, exchange: &Exchange<'_>, realm: Realm, posted: &Value) -> Result<(), Failure> {
        if realm != self.visitor.realm || exchange.now() >= self.expires {
            Err(Failure::TimedOut)
        } else if !self.visitor.sent(exchange) {
            Err(Failure::Refused)
        } else if !echo::is_echo(posted, &self.question) {
            Err(Failure::BadRequest("the post is not the question back"))
        } else {
            Ok(())
        }
    }
}

/// The waiting logins by their `authId`, which changes with every question.
pub(crate) struct LoginsInProgress(BoundedMap<Login>);

impl LoginsInProgress {
    /// Keeps a login until its next answer and returns the question to send.
    pub(super) fn ask(
        &mut self,
        random: &mut Random,
        visitor: Visitor,
        step: Step,
        now: SystemTime,
    ) -> Value {
        let expires = later(now, LIFETIME);
        let claims = json!({
            "authIndexValue": "oneapp",
            "authIndexType": "service",
            "realm": visitor.realm.path(),
            "otk": random.token(),
            "sessionId": random.token(),
            "iat": epoch_seconds(now),
            "exp": epoch_seconds(expires),
        });
        let auth_id = jwt::shaped(random, "HS256", &claims);
        let question = json!({"authId": auth_id, "callbacks": callbacks::of(&step)});
        let login = Login {
            visitor,
            step,
            question: question.clone(),
            expires,
        };
        self.0.insert(auth_id, login);
        question
    }

    /// Takes the login out that `posted` answers; one that is answered wrongly goes on waiting.
    pub(super) fn take_answer(
        &mut self,
        exchange: &Exchange<'_>,
        realm: Realm,
        posted: &Value,
    ) -> Result<Login, Failure> {
        let auth_id = posted
            .get("authId")
            .and_then(Value::as_str)
            .ok_or(Failure::BadRequest("authId is missing"))?;
        let login = self.0.get(auth_id).ok_or(Failure::TimedOut)?;
        login.check(exchange, realm, posted)?;
        self.0.remove(auth_id).ok_or(Failure::TimedOut)
    }
}

impl Default for LoginsInProgress {
    fn default() -> Self {
        Self(BoundedMap::new(CAPACITY))
    }
}
