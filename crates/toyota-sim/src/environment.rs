//! What a client has to be told to reach a simulator, under the names that the `toyota` program
//! and `toyota_client::Config` read.

use crate::simulator::Simulator;

impl Simulator {
    /// Returns the variables that lead a client here, the first account's password among them.
    #[must_use]
    pub fn variables(&self) -> [(&'static str, String); 6] {
        let account = self.account();
        [
            ("TOYOTA_API_URL", self.api_url().to_owned()),
            ("TOYOTA_LOGIN_URL", self.login_url().to_owned()),
            ("TOYOTA_USERNAME", account.username().to_owned()),
            ("TOYOTA_PASSWORD", account.password().to_owned()),
            ("TOYOTA_API_KEY", self.api_key().to_owned()),
            (
                "TOYOTA_OAUTH_CLIENT_SECRET",
                self.client_secret().to_owned(),
            ),
        ]
    }

    /// Returns one of the [`variables`](Self::variables) by its name.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let mut variables = self.variables().into_iter();
        variables.find_map(|(known, value)| (known == name).then_some(value))
    }
}
