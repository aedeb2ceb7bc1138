"""From sentences to sound: Kokoro's voices, fast voices, and what is done to the sound afterwards."""
