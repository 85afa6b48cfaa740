//! How cases are written.

use http::Method;

use super::{Asked, Case, Check, Content, Ending, Reply, Seen, Step};

/// Begins a case without steps, for a private cache.
pub(crate) fn case(section: &'static str, name: impl Into<String>) -> Case {
    Case {
        section,
        name: name.into(),
        shared: false,
        secure: false,
        steps: Vec::new(),
    }
}

impl Case {
    /// Makes the cache a shared one.
    pub(crate) fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    /// Makes the origin's scheme `https`.
    pub(crate) fn secure(mut self) -> Self {
        self.secure = true;
        self
    }

    /// Adds what happens next.
    pub(crate) fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }
}

/// Asks for `/` with these fields. Nothing is expected yet.
pub(crate) fn get(fields: impl Into<String>) -> Step {
    send(Method::GET, fields)
}

/// Asks for the head of `/` with these fields.
pub(crate) fn head(fields: impl Into<String>) -> Step {
    send(Method::HEAD, fields)
}

/// Sends a request to `/` with these fields.
pub(crate) fn send(method: Method, fields: impl Into<String>) -> Step {
    Step {
        method,
        path: "/".to_owned(),
        fields: fields.into(),
        body: String::new(),
        origin: Vec::new(),
        asked: Asked::Yes,
        seen: Seen {
            status: None,
            body: Content::Whole(String::new()),
            checks: Vec::new(),
        },
    }
}

impl Step {
    /// Sends it to this path.
    pub(crate) fn at(mut self, path: impl Into<String>) -> Self {
        self.path = path.into();
        self
    }

    /// Gives the request a body.
    pub(crate) fn with_body(mut self, body: impl Into<String>) -> Self {
        self.body = body.into();
        self
    }

    /// The origin is asked, answers this, and the client sees it.
    pub(crate) fn passes(mut self, reply: Reply) -> Self {
        self.seen.status = reply.status;
        self.seen.body = match reply.ending {
            Ending::Length | Ending::Chunked if self.method == Method::HEAD => {
                Content::Whole(String::new())
            }
            Ending::Length | Ending::Chunked => Content::Whole(reply.body.clone()),
            Ending::ShortOfLength | Ending::ShortOfChunks => Content::BrokenOff,
        };
        self.asks(reply)
    }

    /// The origin is asked, and answers this; what the client sees is told by [`Step::sees`].
    pub(crate) fn asks(mut self, reply: Reply) -> Self {
        self.origin.push(reply);
        self.asked = Asked::Yes;
        self
    }

    /// The client sees a stored 200 with this body; the origin is not asked.
    pub(crate) fn hits(self, body: impl Into<String>) -> Self {
        self.hits_with(200, body)
    }

    /// The client sees an answer made of what is stored; the origin is not asked.
    pub(crate) fn hits_with(mut self, status: u16, body: impl Into<String>) -> Self {
        // What is seen where it is asked in error.
        self.origin
            .push(answer(299, "", "the origin was asked in error"));
        self.asked = Asked::No;
        self.sees(status, body)
    }

    /// The client sees a stored 200 with this body at once; the origin is asked meanwhile, and
    /// answers this.
    pub(crate) fn hits_while(mut self, body: impl Into<String>, reply: Reply) -> Self {
        self.origin.push(reply);
        self.asked = Asked::Meanwhile;
        self.sees(200, body)
    }

    /// The client sees this status and body.
    pub(crate) fn sees(mut self, status: u16, body: impl Into<String>) -> Self {
        self.seen.status = Some(status);
        let body = body.into();
        let is_head = self.method == Method::HEAD;
        self.seen.body = Content::Whole(if is_head { String::new() } else { body });
        self
    }

    /// The client sees a field with this one value.
    pub(crate) fn with(self, name: &'static str, value: impl Into<String>) -> Self {
        self.check(Check::Lines(name, vec![value.into()]))
    }

    /// The client sees a field with these lines.
    pub(crate) fn with_lines(self, name: &'static str, values: &[&str]) -> Self {
        self.check(Check::Lines(name, owned(values)))
    }

    /// The client sees a field, whatever it says.
    pub(crate) fn with_some(self, name: &'static str) -> Self {
        self.check(Check::Present(name))
    }

    /// The client does not see a field.
    pub(crate) fn without(self, name: &'static str) -> Self {
        self.check(Check::Absent(name))
    }

    /// The client sees an `Age` of so many seconds.
    pub(crate) fn aged(self, age: u64) -> Self {
        self.check(Check::About("age", age))
    }

    /// The client sees that the cache says so in `Cache-Status`.
    pub(crate) fn did(self, parameter: &'static str) -> Self {
        self.check(Check::Did(parameter))
    }

    /// The client sees that the cache says nothing of it in `Cache-Status`.
    pub(crate) fn did_not(self, parameter: &'static str) -> Self {
        self.check(Check::DidNot(parameter))
    }

    fn check(mut self, check: Check) -> Self {
        self.seen.checks.push(check);
        self
    }
}

/// Answers 200.
pub(crate) fn ok(fields: impl Into<String>, body: impl Into<String>) -> Reply {
    answer(200, fields, body)
}

/// Answers 304.
pub(crate) fn not_modified(fields: impl Into<String>) -> Reply {
    answer(304, fields, "")
}

/// Answers with this status.
pub(crate) fn answer(status: u16, fields: impl Into<String>, body: impl Into<String>) -> Reply {
    Reply {
        asked_with: Vec::new(),
        status: Some(status),
        fields: fields.into(),
        body: body.into(),
        ending: Ending::Length,
    }
}

/// Answers 200 with a body that ends ten bytes too early.
pub(crate) fn broken_off(fields: impl Into<String>, body: impl Into<String>) -> Reply {
    Reply {
        ending: Ending::ShortOfLength,
        ..ok(fields, body)
    }
}

/// Does not answer.
pub(crate) fn no_answer() -> Reply {
    Reply {
        status: None,
        ..ok("", "")
    }
}

impl Reply {
    /// Sends the body in chunks, without a length.
    pub(crate) fn chunked(mut self) -> Self {
        self.ending = match self.ending {
            Ending::Length | Ending::Chunked => Ending::Chunked,
            Ending::ShortOfLength | Ending::ShortOfChunks => Ending::ShortOfChunks,
        };
        self
    }

    /// The request has a field with this one value.
    pub(crate) fn if_asked(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.asked_with.push(Check::Lines(name, vec![value.into()]));
        self
    }

    /// The request has a field that is a list of these.
    pub(crate) fn if_asked_any(mut self, name: &'static str, members: &[&str]) -> Self {
        self.asked_with.push(Check::Members(name, owned(members)));
        self
    }

    /// The request does not have a field.
    pub(crate) fn if_not_asked(mut self, name: &'static str) -> Self {
        self.asked_with.push(Check::Absent(name));
        self
    }
}

fn owned(values: &[&str]) -> Vec<String> {
    values.iter().map(|&value| value.to_owned()).collect()
}
