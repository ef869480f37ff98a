"""Tests of certificates that visits must stay unserved."""
