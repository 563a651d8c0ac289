"""Files of others, kept byte for byte with version, licence and hash: `vendor.lock` is checked by an offline test."""
