"""The sentiment engine beside VADER on data that it was neither trained nor chosen on.

python bench/sentiment.py --data DIR        (or HONMONO_EVALUATION=DIR)

DIR holds `sst2-dev.tsv` (872 English film-review sentences of the Stanford Sentiment Treebank's binary
development split: text, tab, 0 or 1) and `reviews-ja.csv` (900 Japanese product reviews: text, positive /
neutral / negative). They are not in the repository; their hashes were written down before the first
measurement.
"""

EVALUATION_FILES = {
    "sst2-dev.tsv": "eddea6b39e601dd4e7a672b53cc40fdf6019fa80522f351206c24340ca5d9359",
    "reviews-ja.csv": "ebc634c9ad9c63bc5470587acbca546752b820083921065622649f71585e8b35",
}
