"""The only writers of the rota: what is planned, what is worked, what is swapped."""
