/* The office's signing key: made once, kept outside the office's folder, so that who can rewrite
 * the office cannot sign what he wrote.  docs/keys.md says where it is and how it is kept.
 *
 * Threading: pure but for the file system and the environment. */
#pragma once

#include "base/source.h"
#include "proof/key.h"

/* Return the name under which office @office_id signs, which is its checkpoints' origin too:
 * "shuzhi/ID".  The caller owns it. */
char *office_key_origin(const char *office_id);

/* Return where the signing key of @office_id is looked for: ID.key (mode 0600) in $SHUZHI_KEYS,
 * else $XDG_CONFIG_HOME/shuzhi/keys, else ~/.config/shuzhi/keys, where a home or a folder for
 * configuration that is not absolute is as none: the home is then that of the system's list of
 * users.  The caller owns it. */
char *office_key_path(const char *office_id);

/* Make the key of @office_id from @source and write it to office_key_path(), mode 0600, its folder
 * 0700.
 *
 * *@ret_is_new: whether the file was written: a key that is there already and equal (a replayed
 * office) is kept.
 * EXISTS when another key is there: it may be the only one that signs for some office. */
ProofSigner *office_key_make(const char *office_id, Source *source, bool *ret_is_new,
                             GError **error);

/* Return the path of the file beside the key that keeps what it signed last (office/signed.h).  The
 * caller owns it. */
char *office_key_last_path(const char *office_id);

/* Read the key of @office_id.  NOT_FOUND when it is not here, CORRUPT when the file holds no key,
 * or one whose public part is not @public_key. */
ProofSigner *office_key_load(const char *office_id, const char *public_key, GError **error);
