"""The made-up city: who lives there, who works there, and what happened on the days before today."""
