"""The command's messages in Japanese, by their English form, in the order of the commands' modules."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    # command
    "Honmono: a machine learning cloud on your own machine that speaks AWS's wire.": (
        "本物 (Honmono): 手元のマシンで動く、AWS と同じ通信規約の機械学習クラウド。"
    ),
    "Print the version and exit.": "バージョンを表示して終了します。",
    # failures
    "Exit codes: 0 ended as asked, 1 failed, 2 wrong option, 3 wrong setting, 4 port taken, 5 data directory in use, "
    "6 data directory not writable, 7 disk full, 8 database unusable, 9 weights missing or refused, 10 not running.": (
        "終了コード: 0 指示どおり終了、1 失敗、2 オプションの誤り、3 設定の誤り、4 ポート使用中、"
        "5 データディレクトリ使用中、6 データディレクトリに書き込めない、7 ディスク容量不足、8 データベースを使えない、"
        "9 重みがない、または拒否された、10 起動していない。"
    ),
    "A setting is wrong": "設定に誤りがあります",
    "The port is taken": "ポートは使用中です",
    "The data directory is in use": "データディレクトリは使用中です",
    "The data directory cannot be written": "データディレクトリに書き込めません",
    "The disk is full": "ディスクの空きがありません",
    "The database cannot be used": "データベースを使えません",
    "Weights or an engine are missing": "重み、またはエンジンがありません",
    # options
    "The data directory.": "データディレクトリ。",
    "A settings file instead of ./honmono.toml.": "./honmono.toml の代わりに読む設定ファイル。",
    # up, down, status
    "Start the server.": "サーバーを起動します。",
    "Stop the server of a data directory.": "データディレクトリのサーバーを停止します。",
    "Say whether a server runs on a data directory, and where.": (
        "データディレクトリでサーバーが動いているか、どこで待ち受けているかを示します。"
    ),
    "The address to listen on.": "待ち受けるアドレス。",
    "The HTTP port; 0 takes a free one.": "HTTP ポート。0 なら空きポート。",
    "Listen for HTTPS and HTTP/2 on a second port too.": "別のポートで HTTPS と HTTP/2 も待ち受けます。",
    "The HTTPS port.": "HTTPS ポート。",
    "the HTTP port + 1": "HTTP ポート + 1",
    "On loopback: let test suites empty the state and use their own keys.": (
        "ループバックに限り、テストが状態を空にし、独自のキーを使うことを許します。"
    ),
    "The form of the log lines: text or json.": "ログの形式: text または json。",
    "Run in the background; the log goes to DATA/honmono.log.": (
        "背後で動かします。ログは DATA/honmono.log に書きます。"
    ),
    "With --detach: return once the server is ready.": "--detach とともに: サーバーの準備が整ってから戻ります。",
    "--wait goes with --detach: without it, up returns when the server ends.": (
        "--wait は --detach とともに使います。なければ up はサーバーの終了まで戻りません。"
    ),
    "Honmono {version} is ready on {urls} (data: {data}; {seconds:.2f} s)": (
        "Honmono {version} 準備完了 (ready): {urls} (データ: {data}、{seconds:.2f} 秒)"
    ),
    "There is no access key yet, so nobody can sign in: honmono keys create": (
        "アクセスキーがまだないので、誰も利用できません。次で作れます: honmono keys create"
    ),
    "Something did not end within {seconds:.0f} s; ending without it.": (
        "{seconds:.0f} 秒以内に終わらない処理があります。待たずに終了します。"
    ),
    "No server runs on {data}.": "{data} で動いているサーバーはありません。",
    "Stopped the server with process {pid}.": "プロセス {pid} のサーバーを停止しました。",
    "Honmono {version} runs on {urls} (process {pid}).": (
        "Honmono {version} は {urls} で動いています (プロセス {pid})。"
    ),
    "Starting as process {pid}; its log is {log}.": "プロセス {pid} として起動中です。ログは {log}。",
    "Ready on {urls} (process {pid}; log {log}).": "準備完了: {urls} (プロセス {pid}、ログ {log})。",
    "Process {pid} did not end within {seconds:.0f} s.": "プロセス {pid} は {seconds:.0f} 秒以内に終了しませんでした。",
    "The server is not ready after {seconds:.0f} s; see its log {log}.": (
        "{seconds:.0f} 秒たってもサーバーの準備が整いません。ログ {log} を見てください。"
    ),
    # run
    "Run a command against a server of its own, on a free port with temporary data.": (
        "空きポートと一時データの専用サーバーを立て、コマンドを実行します。"
    ),
    "The exit code is the command's own. Example: honmono run -- pytest tests": (
        "終了コードはコマンドのものです。例: honmono run -- pytest tests"
    ),
    "The command and its arguments.": "コマンドとその引数。",
    "Keep the data in this directory instead of a temporary one.": "一時ディレクトリではなく、ここにデータを残します。",
    "The region that the command is told.": "コマンドに伝えるリージョン。",
    "Give the command the HTTPS address and its CA.": "コマンドに HTTPS のアドレスと CA を渡します。",
    "Show the server's log on standard error.": "サーバーのログを標準エラー出力に出します。",
    "There is no command {command}.": "コマンド {command} がありません。",
    "{command} cannot be run: {reason}": "{command} を実行できません: {reason}",
    # demo
    "Show the main job on real input, beside what moto answers.": "実際の入力への答えを、moto の答えと並べて見せます。",
    "Texts of your own; four are built in.": "試したい文。省くと用意の四つを使います。",
    "fetches {names} ({size})": "{names} ({size}) をダウンロードし",
    "fetches nothing": "何もダウンロードせず",
    "This demo {fetched}, takes {disk} of disk and about {memory} of memory, and lasts about {seconds} s.": (
        "このデモは{fetched}、ディスクを {disk}、メモリーを約 {memory} 使い、約 {seconds} 秒で終わります。"
    ),
    "Polly speaks, Transcribe listens: each loads its model …": (
        "Polly が話し、Transcribe が聞き取ります。それぞれモデルを読み込みます …"
    ),
    "Spoken by Polly": "Polly が話した文",
    "Written down by Transcribe": "Transcribe が聞き取った文",
    "least sure word {score:.2f}": "最も不確かな語 {score:.2f}",
    "The transcription did not end within {seconds:.0f} s.": "文字起こしが {seconds:.0f} 秒以内に終わりませんでした。",
    "Asking Honmono: the first call loads the model …": (
        "Honmono に尋ねています。最初の呼び出しでモデルを読み込みます …"
    ),
    "Asking moto the same …": "moto に同じことを尋ねています …",
    "Storing and fetching an object …": "オブジェクトを保存し、取り出しています …",
    "Text": "文",
    "no answer": "答えなし",
    "{texts} texts: Honmono gave {ours} different answers ({engines}), moto {theirs}.": (
        "{texts} 文に対し、Honmono の答えは {ours} 通り ({engines})、moto は {theirs} 通り。"
    ),
    "S3: 1 MB put in {put:.0f} ms (on the disk, not in memory) and got in {get:.0f} ms, {verdict}.": (
        "S3: 1 MB の保存に {put:.0f} ms (メモリーではなくディスクへ)、取り出しに {get:.0f} ms、{verdict}。"
    ),
    "the same bytes": "内容は一致",
    "OTHER BYTES": "内容が不一致",
    # try
    "Show what the engines make of a text or a file, without a server.": (
        "文やファイルをエンジンがどう読むかを、サーバーなしで見せます。"
    ),
    "A text, or a file's path; - reads standard input.": "文、またはファイルのパス。- なら標準入力。",
    "standard input": "標準入力",
    "text": "文",
    "{name} is of no kind that an engine here can read; a text in UTF-8, a picture or a recording is.": (
        "{name} を読めるエンジンがありません。UTF-8 の文、画像、録音なら読めます。"
    ),
    "the first {minutes} minutes": "最初の {minutes} 分",
    "channels: {count}": "チャンネル数 {count}",
    "Nobody speaks.": "だれも話していません。",
    "It shows": "写っているもの",
    "nothing that the engine knows": "エンジンの知るものは写っていません",
    "Faces: {count}": "顔: {count}",
    "Written in it": "書かれている文字",
    "nothing": "なし",
    "age {low} to {high}": "{low} 〜 {high} 歳",
    "Photograph": "写真",
    "Rekognition looks at two photographs …": "Rekognition が二枚の写真を見ています …",
    "Translate: nothing that is installed translates {pair}.": "Translate: {pair} を訳せるものが入っていません。",
    "{file} cannot be read: {reason}": "{file} を読めません: {reason}",
    "{seconds:.1f} s of speech are in {path} (voice {voice}, {engine}).": (
        "{seconds:.1f} 秒の音声を {path} に保存しました（声 {voice}、{engine}）。"
    ),
    "Language": "言語",
    "Personal data": "個人情報",
    "Sentiment": "感情",
    "Sentiment: {reason}": "感情: {reason}",
    # doctor
    "Say what is installed, which engines and weights are here, how good they are, and what is missing.": (
        "導入済みのもの、エンジンと重み、測った精度、足りないものを示します。"
    ),
    "The exit code is 0 where nothing is missing, else 1.": "足りないものがなければ終了コードは 0、あれば 1。",
    "Print JSON.": "JSON で表示します。",
    "Devices": "演算装置",
    "Cores": "コア数",
    "Memory": "メモリー",
    "{memory}, {free} free": "{memory}、空き {free}",
    "Data": "データ",
    "{folder} ({free} free)": "{folder} (空き {free})",
    "Weights": "重み",
    "Server": "サーバー",
    "none runs on this data directory": "このデータディレクトリでは動いていません",
    "Engines": "エンジン",
    "Packages: {packages}": "パッケージ: {packages}",
    "Nothing is missing.": "足りないものはありません。",
    "Missing": "不足",
    "ready": "使用可能",
    "needs {weights}": "{weights} が必要",
    "{count} languages": "{count} 言語",
    "Measured: {quality}": "測定値: {quality}",
    "{folder} cannot be written": "{folder} に書き込めません",
    "choose another one: {how}": "別の場所を選んでください: {how}",
    "the weight {name}": "重み {name}",
    "an engine for {field}: {problem}": "{field} のエンジン: {problem}",
    "mend [engines.{field}] in honmono.toml, or what it names": "honmono.toml の [engines.{field}] か、その指すものを直す",
    # services
    "Say which services and operations are answered.": "どのサービスのどの操作に答えるかを示します。",
    "A service, as boto3 names it.": "boto3 でのサービス名。",
    "Service": "サービス",
    "Name": "名前",
    "Answered": "対応済み",
    "Not yet": "未対応",
    "`honmono services NAME` lists the operations. The rest of AWS is simulated by moto, in memory.": (
        "`honmono services NAME` で操作の一覧を示します。AWS のほかのサービスは moto がメモリー上で模擬します。"
    ),
    "Honmono does not answer {name} itself; it answers {known}.": (
        "Honmono 自身は {name} に答えません。答えるのは {known} です。"
    ),
    # weights
    "Model weights: list, fetch, verify, carry.": "モデルの重み: 一覧、取得、検証、持ち運び。",
    "List the weights, their licences and whether they are here.": "重みの一覧、ライセンス、手元にあるかを示します。",
    "Fetch and verify what is missing.": "足りないものを取得し、検証します。",
    "Read every byte and compare it with the manifest.": "全バイトを読み、目録と照合します。",
    "Write weights into one file, for a machine without a network.": (
        "ネットワークのないマシンへ運ぶため、重みを一つのファイルに書き出します。"
    ),
    "Take weights from such a file, verifying every byte.": "そのファイルから、全バイトを検証しながら取り込みます。",
    "Names of weights; all of them where none is given.": "重みの名前。省くとすべて。",
    "The file to write.": "書き出すファイル。",
    "A file that `honmono weights export` wrote.": "`honmono weights export` が書いたファイル。",
    "Weights in {folder}": "{folder} の重み",
    "Size": "大きさ",
    "State": "状態",
    "Licence": "ライセンス",
    "Licence of the code": "コードのライセンス",
    "What it is": "内容",
    "present": "あり",
    "partial": "一部のみ",
    "missing": "なし",
    "outdated": "旧版",
    "damaged": "破損",
    "{name}: fetched {files}": "{name}: {files} を取得しました",
    "{name}: present and verified": "{name}: 手元にあり、検証済み",
    "{number} files": "{number} 個のファイル",
    "Could not be fetched: {names}. Their engines are not available.": (
        "取得できませんでした: {names}。これらのエンジンは使えません。"
    ),
    "Not as they should be: {names}. Run: honmono weights pull {names}": (
        "正しくない重み: {names}。次を実行してください: honmono weights pull {names}"
    ),
    "Wrote {names} into {file}.": "{names} を {file} に書き出しました。",
    "Imported and verified: {name}": "取り込み、検証しました: {name}",
    "Was here already: {name}": "すでにありました: {name}",
    "Refused: {reasons}": "拒否しました: {reasons}",
    # keys
    "Access keys: create, list, delete.": "アクセスキー: 作成、一覧、削除。",
    "Make a key pair of the account's root; the secret is shown this once.": (
        "アカウントのルートのキーを作ります。シークレットが表示されるのは今回だけです。"
    ),
    "List the keys.": "キーの一覧を示します。",
    "Delete a key; it stops working at once.": "キーを削除します。直ちに使えなくなります。",
    "Twelve digits; the server's own account where not given.": "12 桁の数字。省くとサーバー自身のアカウント。",
    "The access key's id.": "アクセスキーの ID。",
    "An account is twelve digits, not {account}.": "アカウントは 12 桁の数字です: {account}",
    "On loopback the development key test/test works besides.": "ループバックでは開発用のキー test/test も使えます。",
    "Deleted {key}.": "{key} を削除しました。",
    "The server does not answer: {reason}": "サーバーが応答しません: {reason}",
    # sdk-config
    "Write a folder of settings for AWS's SDKs and CLI, and print the lines that switch to it.": (
        "AWS の SDK と CLI の設定をフォルダーに書き、それに切り替える行を表示します。"
    ),
    'Use it as: eval "$(honmono sdk-config)". Your own ~/.aws stays as it is.': (
        '使い方: eval "$(honmono sdk-config)"。~/.aws には触れません。'
    ),
    "Where to write.": "書き込む場所。",
    "Replace files that are there.": "すでにあるファイルを置き換えます。",
    "Point to the HTTPS port, and AWS's STS names too.": "HTTPS ポートを指し、AWS の STS の名前もこちらに向けます。",
    "{files} exists already; --force replaces it, and another folder leaves it.": (
        "{files} はすでにあります。--force で置き換えるか、別のフォルダーを選んでください。"
    ),
    "The server that runs has no HTTPS port; start it with: honmono up --tls": (
        "動いているサーバーには HTTPS ポートがありません。次で起動してください: honmono up --tls"
    ),
    "botocore is not installed, so its table of endpoints cannot be written.": (
        "botocore がないので、エンドポイントの表を書けません。"
    ),
    "Wrote {folder}: AWS's SDKs and CLI talk to {url} in a shell that has run the lines below.": (
        "{folder} に書きました。以下の行を実行したシェルでは、AWS の SDK と CLI は {url} と通信します。"
    ),
    "Your own ~/.aws was neither read nor changed.": "~/.aws は読んでも変えてもいません。",
    "The SageMaker SDK asks AWS for STS by name, over HTTPS: for it, use --tls here and with `honmono up`.": (
        "SageMaker SDK は AWS の STS を HTTPS で名指しします。"
        "そのためには、ここと `honmono up` に --tls を付けてください。"
    ),
    # evaluate
    "Measure how good the engines are on labelled data of yours.": (
        "正解ラベルの付いた手元のデータで、エンジンの良さを測ります。"
    ),
    "Measure Comprehend's engines; --task is one of: {tasks}.": (
        "Comprehend のエンジンを測ります。--task は次のいずれか: {tasks}。"
    ),
    "What to measure.": "何を測るか。",
    "Labelled texts: a CSV, TSV, JSON Lines or CoNLL-U file.": (
        "ラベル付きのテキスト: CSV、TSV、JSON Lines または CoNLL-U のファイル。"
    ),
    "The text's column: a name of the header, or a number from 1 without one.": (
        "テキストの列: 見出しの名前。見出しがなければ 1 からの番号。"
    ),
    "The label's column.": "ラベルの列。",
    "The language of all texts, as en.": "全テキストの言語 (en など)。",
    "The column with each text's language.": "各テキストの言語の列。",
    "What a label of the file means; again for each.": "ファイルのラベルの意味。ラベルごとに繰り返します。",
    "Let only labels be answered that the data has.": "データにあるラベルだけから答えを選ばせます。",
    "An engine by name; again for each to compare. By default the one of the settings.": (
        "エンジンの名前。比べるものごとに繰り返します。既定は設定にあるもの。"
    ),
    "csv, tsv or jsonl.": "csv、tsv または jsonl。",
    "by the name's ending": "ファイル名の末尾による",
    "The file's encoding.": "ファイルの文字コード。",
    "Bootstrap draws for the intervals.": "信頼区間のためのブートストラップの回数。",
    "The same seed gives the same intervals.": "同じシードは同じ区間を与えます。",
    "The folder for report.html, report.md, report.json and the pictures.": (
        "report.html、report.md、report.json と図を書くフォルダー。"
    ),
    "NumPy is not installed; run: pip install 'honmono[text]'": (
        "NumPy がありません。次を実行してください: pip install 'honmono[text]'"
    ),
    "{folder} cannot be written: {reason}": "{folder} に書けません: {reason}",
    "The whole report, with pictures: {page}": "図を含む報告の全体: {page}",
    # tls
    "The local certificate authority.": "手元の認証局。",
    "Print the path of the authority's certificate, made now where there is none.": (
        "認証局の証明書のパスを表示します。なければ今作ります。"
    ),
}
