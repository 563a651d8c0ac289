"""The rota: who is planned when, how many are needed, who really worked, and swaps between colleagues."""
