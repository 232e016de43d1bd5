"""What tests stand on and no test is."""

RELAY = "TRIALDESK_TEST_RELAY"
"""Set in the pytest that runs on an X server: the file to which it writes its reports."""
