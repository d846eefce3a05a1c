"""Cases: a city's public figures and the case company's records."""
