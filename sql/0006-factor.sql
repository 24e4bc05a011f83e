-- The second factor of signing in: one-time codes of an app (RFC 6238).  Kept apart from the accounts, as the
-- password hashes are, so that no event and no history holds a secret.

-- The secret that an account shares with its holder's app.
CREATE TABLE factor (
    account {int} NOT NULL PRIMARY KEY REFERENCES account (id), -- whose
    secret {blob} NOT NULL,            -- 20 bytes, for HMAC-SHA-1
    last {int} NOT NULL                 -- the last step of 30 seconds whose code was used; older ones open nothing
) {strict};
