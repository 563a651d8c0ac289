"""Made-up days lived through by the product's own actions and flows, with the clock of those days."""
