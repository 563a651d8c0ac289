"""A clinic's shared telephone: several people use it in turn, each opens it by a PIN of their own."""
