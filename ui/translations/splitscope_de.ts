<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
    <context>
        <name>splitscope::ui::TimeTicks</name>
        <message>
            <source>time (%1)</source>
            <translation>Zeit (%1)</translation>
        </message>
    </context>
    <context>
        <name>QFileDialog</name>
        <message>
            <source>SVG (*.svg)</source>
            <translation>SVG (*.svg)</translation>
        </message>
        <message>
            <source>PDF (*.pdf)</source>
            <translation>PDF (*.pdf)</translation>
        </message>
        <message>
            <source>PNG (*.png)</source>
            <translation>PNG (*.png)</translation>
        </message>
        <message>
            <source>CSV (*.csv)</source>
            <translation>CSV (*.csv)</translation>
        </message>
    </context>
    <context>
        <name>QObject</name>
        <message>
            <source>failed</source>
            <translation>gescheitert</translation>
        </message>
        <message>
            <source>stopped</source>
            <translation>beendet</translation>
        </message>
        <message>
            <source>finished</source>
            <translation>fertig</translation>
        </message>
        <message>
            <source>label only</source>
            <translation>nur das Ergebnis</translation>
        </message>
        <message>
            <source>%1 bit</source>
            <translation>%1 Bit</translation>
        </message>
        <message>
            <source>float32 (exact)</source>
            <translation>float32 (exakt)</translation>
        </message>
        <message>
            <source>raw pixels</source>
            <translation>rohe Pixel</translation>
        </message>
        <message>
            <source>lossless (WebP)</source>
            <translation>verlustfrei (WebP)</translation>
        </message>
        <message>
            <source>JPEG, quality %1</source>
            <translation>JPEG, Qualität %1</translation>
        </message>
        <message>
            <source>reconnecting</source>
            <translation>verbindet neu</translation>
        </message>
        <message>
            <source>connecting</source>
            <translation>verbindet</translation>
        </message>
        <message>
            <source>connected</source>
            <translation>verbunden</translation>
        </message>
        <message>
            <source>silent</source>
            <translation>stumm</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui</name>
        <message>
            <source>Decisions over bandwidth</source>
            <translation>Entscheidungen über der Bandbreite</translation>
        </message>
        <message>
            <source>uplink rate (MB/s)</source>
            <translation>Uplink-Rate (MB/s)</translation>
        </message>
        <message>
            <source>exit · cut (layers on the device) · coding</source>
            <translation>Ausgang · Schnitt (Schichten auf dem Gerät) · Codierung</translation>
        </message>
        <message>
            <source>exit</source>
            <translation>Exit</translation>
        </message>
        <message>
            <source>cut</source>
            <translation>Schnitt</translation>
        </message>
        <message>
            <source>bits</source>
            <translation>Bits</translation>
        </message>
        <message>
            <source>label</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>raw</source>
            <translation>roh</translation>
        </message>
        <message>
            <source>JPEG</source>
            <translation>JPEG</translation>
        </message>
        <message>
            <source>optimum</source>
            <translation>Optimum</translation>
        </message>
        <message>
            <source>policy</source>
            <translation>Policy</translation>
        </message>
        <message>
            <source>Model and data</source>
            <translation>Modell und Daten</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Energy model of the device</source>
            <translation>Energiemodell des Geräts</translation>
        </message>
        <message>
            <source>Link</source>
            <translation>Link</translation>
        </message>
        <message>
            <source>Strategy</source>
            <translation>Strategie</translation>
        </message>
        <message>
            <source>Reward and constraints</source>
            <translation>Belohnung und Grenzen</translation>
        </message>
        <message>
            <source>What rewards are standardised by</source>
            <translation>Womit Belohnungen normiert werden</translation>
        </message>
        <message>
            <source>Length and seed</source>
            <translation>Länge und Seed</translation>
        </message>
        <message>
            <source>Recording</source>
            <translation>Aufzeichnung</translation>
        </message>
        <message>
            <source>Needs an action set with gates, such as %1: choose one on the Scenario page.</source>
            <translation>Braucht eine Aktionsmenge mit Gates, etwa %1: auf der Seite Szenario lässt sich eine wählen.</translation>
        </message>
        <message>
            <source>Needs a cost table of %1 for %2; none is there. Open one on the Optimizer page, or make one with splitscope-cli table build.</source>
            <translation>Braucht eine Kostentabelle von %1 für %2; es gibt keine. Auf der Seite Optimierer lässt sich eine öffnen, mit splitscope-cli table build eine erstellen.</translation>
        </message>
        <message>
            <source>Needs a trained policy of %1 for %2; train one on the Optimizer page, then Use in run.</source>
            <translation>Braucht eine trainierte Policy von %1 für %2; auf der Seite Optimierer trainieren, dann „Im Lauf verwenden“.</translation>
        </message>
        <message>
            <source>updates</source>
            <translation>Updates</translation>
        </message>
        <message>
            <source>Train fills this.</source>
            <translation>Trainieren füllt dies.</translation>
        </message>
        <message>
            <source>Reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>exploring</source>
            <translation>erkundend</translation>
        </message>
        <message>
            <source>Below the optimum</source>
            <translation>Unter dem Optimum</translation>
        </message>
        <message>
            <source>(%)</source>
            <translation>(%)</translation>
        </message>
        <message>
            <source>held out</source>
            <translation>zurückgehalten</translation>
        </message>
        <message>
            <source>Critic loss</source>
            <translation>Critic-Verlust</translation>
        </message>
        <message>
            <source>squared</source>
            <translation>quadriert</translation>
        </message>
        <message>
            <source>Actor loss</source>
            <translation>Actor-Verlust</translation>
        </message>
        <message>
            <source>Entropy</source>
            <translation>Entropie</translation>
        </message>
        <message>
            <source>of the policy (nats)</source>
            <translation>der Policy (nats)</translation>
        </message>
        <message>
            <source>α</source>
            <translation>α</translation>
        </message>
        <message>
            <source>temperature</source>
            <translation>Temperatur</translation>
        </message>
        <message>
            <source>α loss</source>
            <translation>α-Verlust</translation>
        </message>
        <message>
            <source>Speed</source>
            <translation>Tempo</translation>
        </message>
        <message>
            <source>updates/s</source>
            <translation>Updates/s</translation>
        </message>
        <message>
            <source>sweep 10 KB/s … 10 MB/s</source>
            <translation>Durchlauf 10 KB/s … 10 MB/s</translation>
        </message>
        <message>
            <source>steps 2 MB/s, 200 KB/s</source>
            <translation>Stufen 2 MB/s, 200 KB/s</translation>
        </message>
        <message>
            <source>Markov chain</source>
            <translation>Markow-Kette</translation>
        </message>
        <message>
            <source>random walk</source>
            <translation>Irrfahrt</translation>
        </message>
        <message>
            <source>with outages</source>
            <translation>mit Ausfällen</translation>
        </message>
        <message>
            <source>Bandwidth traces (*.csv *.log *.json *.up *.txt);;All files (*)</source>
            <translation>Bandbreiten-Traces (*.csv *.log *.json *.up *.txt);;Alle Dateien (*)</translation>
        </message>
        <message>
            <source>MB/s</source>
            <translation>MB/s</translation>
        </message>
        <message>
            <source>weight</source>
            <translation>Gewicht</translation>
        </message>
        <message>
            <source>Edgent's reward has no weights: e^accuracy + frames per second, within the deadline.</source>
            <translation>Edgents Belohnung hat keine Gewichte: e^Genauigkeit + Bilder pro Sekunde, innerhalb der Frist.</translation>
        </message>
        <message>
            <source>a = %1·ln(1 + B/%2)</source>
            <translation>a = %1·ln(1 + B/%2)</translation>
        </message>
        <message>
            <source>a accuracy</source>
            <translation>a Genauigkeit</translation>
        </message>
        <message>
            <source>b speed</source>
            <translation>b Tempo</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>auto</source>
            <translation>auto</translation>
        </message>
        <message>
            <source>any</source>
            <translation>alle</translation>
        </message>
        <message>
            <source>is empty; %1</source>
            <translation>ist leer; %1</translation>
        </message>
        <message>
            <source>'%1' is wrong: %2</source>
            <translation>„%1“ ist falsch: %2</translation>
        </message>
        <message>
            <source>time (s)</source>
            <translation>Zeit (s)</translation>
        </message>
        <message>
            <source>fleet</source>
            <translation>Flotte</translation>
        </message>
        <message>
            <source>Throughput</source>
            <translation>Durchsatz</translation>
        </message>
        <message>
            <source>frames/s</source>
            <translation>Bilder/s</translation>
        </message>
        <message>
            <source>Check devices above and start the fleet: this shows how many frames each one gets done.</source>
            <translation>Oben Geräte ankreuzen und die Flotte starten: hier erscheint, wie viele Bilder jedes schafft.</translation>
        </message>
        <message>
            <source>Latency, %1</source>
            <translation>Latenz, %1</translation>
        </message>
        <message>
            <source>of the last requests (ms)</source>
            <translation>der letzten Anfragen (ms)</translation>
        </message>
        <message>
            <source>How long requests take, from capture to label, on each device.</source>
            <translation>Wie lange Anfragen auf jedem Gerät von der Aufnahme bis zum Label brauchen.</translation>
        </message>
        <message>
            <source>Edge</source>
            <translation>Edge</translation>
        </message>
        <message>
            <source>frames in a batch, requests waiting</source>
            <translation>Bilder in einem Batch, wartende Anfragen</translation>
        </message>
        <message>
            <source>How many frames this edge computes at once, and how many requests wait for it.</source>
            <translation>Wie viele Bilder diese Edge auf einmal rechnet und wie viele Anfragen auf sie warten.</translation>
        </message>
        <message>
            <source>frames in a batch</source>
            <translation>Bilder in einem Batch</translation>
        </message>
        <message>
            <source>requests waiting</source>
            <translation>wartende Anfragen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ActionModel</name>
        <message>
            <source>ruled out</source>
            <translation>ausgeschlossen</translation>
        </message>
        <message>
            <source>Chosen by the policy; the optimum by the table</source>
            <translation>Von der Policy gewählt; nach der Tabelle das Optimum</translation>
        </message>
        <message>
            <source>The optimum by the table</source>
            <translation>Nach der Tabelle das Optimum</translation>
        </message>
        <message>
            <source>Chosen by the policy</source>
            <translation>Von der Policy gewählt</translation>
        </message>
        <message>
            <source>decision</source>
            <translation>Entscheidung</translation>
        </message>
        <message>
            <source>value</source>
            <translation>Wert</translation>
        </message>
        <message>
            <source>logit</source>
            <translation>Logit</translation>
        </message>
        <message>
            <source>prob. %</source>
            <translation>Wahrsch. %</translation>
        </message>
        <message>
            <source>reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>T ms</source>
            <translation>T ms</translation>
        </message>
        <message>
            <source>acc. %</source>
            <translation>Gen. %</translation>
        </message>
        <message>
            <source>e mJ</source>
            <translation>e mJ</translation>
        </message>
        <message>
            <source>▸ chosen by the policy, ★ the optimum by the table</source>
            <translation>▸ von der Policy gewählt, ★ nach der Tabelle das Optimum</translation>
        </message>
        <message>
            <source>The policy network's output</source>
            <translation>Die Ausgabe des Policy-Netzes</translation>
        </message>
        <message>
            <source>Softmax of the logits</source>
            <translation>Softmax der Logits</translation>
        </message>
        <message>
            <source>By the cost table, under the sliders</source>
            <translation>Nach der Kostentabelle, unter den Reglern</translation>
        </message>
        <message>
            <source>Capture to label, predicted</source>
            <translation>Von der Aufnahme bis zum Ergebnis, vorhergesagt</translation>
        </message>
        <message>
            <source>Of the table's images</source>
            <translation>Über die Bilder der Tabelle</translation>
        </message>
        <message>
            <source>The device's energy per frame, modelled</source>
            <translation>Die Energie des Geräts je Bild, modelliert</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ComparePage</name>
        <message>
            <source>Overlay</source>
            <translation>Überlagerung</translation>
        </message>
        <message>
            <source>One quantity of all checked runs over time, over frames, or as a distribution</source>
            <translation>Eine Größe aller angekreuzten Läufe über der Zeit, über den Bildern oder als Verteilung</translation>
        </message>
        <message>
            <source>Strategies</source>
            <translation>Strategien</translation>
        </message>
        <message>
            <source>Each strategy's median over its runs, and differences paired by seed</source>
            <translation>Der Median jeder Strategie über ihre Läufe und nach Seed gepaarte Unterschiede</translation>
        </message>
        <message>
            <source>Fig. 6(a)</source>
            <translation>Abb. 6(a)</translation>
        </message>
        <message>
            <source>Latency and reward over bandwidth, by strategy, as recorded</source>
            <translation>Latenz und Belohnung über der Bandbreite, je Strategie, wie aufgezeichnet</translation>
        </message>
        <message>
            <source>Fig. 6(b)</source>
            <translation>Abb. 6(b)</translation>
        </message>
        <message>
            <source>Accuracy over bandwidth, by strategy, as recorded</source>
            <translation>Genauigkeit über der Bandbreite, je Strategie, wie aufgezeichnet</translation>
        </message>
        <message>
            <source>Pareto</source>
            <translation>Pareto</translation>
        </message>
        <message>
            <source>Which runs no other one beats in both</source>
            <translation>Welche Läufe von keinem anderen in beidem übertroffen werden</translation>
        </message>
        <message>
            <source>Prediction</source>
            <translation>Vorhersage</translation>
        </message>
        <message>
            <source>What the cost table predicts beside what was measured</source>
            <translation>Was die Kostentabelle vorhersagt, neben dem Gemessenen</translation>
        </message>
        <message>
            <source>Tag</source>
            <translation>Schlagwort</translation>
        </message>
        <message>
            <source>Only runs with this tag</source>
            <translation>Nur Läufe mit diesem Schlagwort</translation>
        </message>
        <message>
            <source>Uncheck all</source>
            <translation>Keine ankreuzen</translation>
        </message>
        <message>
            <source>Reload</source>
            <translation>Neu laden</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen …</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren …</translation>
        </message>
        <message>
            <source>Quantity</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>What is compared</source>
            <translation>Was verglichen wird</translation>
        </message>
        <message>
            <source>Against</source>
            <translation>Gegen</translation>
        </message>
        <message>
            <source>The horizontal axis</source>
            <translation>Die waagerechte Achse</translation>
        </message>
        <message>
            <source>Objectives</source>
            <translation>Ziele</translation>
        </message>
        <message>
            <source>What the front is of</source>
            <translation>Wovon die Front ist</translation>
        </message>
        <message>
            <source>Baseline</source>
            <translation>Bezug</translation>
        </message>
        <message>
            <source>What the other strategies are held against, pair by pair</source>
            <translation>Womit die anderen Strategien Paar für Paar verglichen werden</translation>
        </message>
        <message>
            <source>log scale</source>
            <translation>logarithmisch</translation>
        </message>
        <message>
            <source>Filter runs: words in any column</source>
            <translation>Läufe filtern: Wörter in beliebigen Spalten</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Nothing is compared any more</source>
            <translation>Es wird nichts mehr verglichen</translation>
        </message>
        <message>
            <source>Looks for new runs (F5); it does so by itself when an experiment ends</source>
            <translation>Sucht nach neuen Läufen (F5); am Ende eines Experiments geschieht das von selbst</translation>
        </message>
        <message>
            <source>Shows the runs of another folder or records file</source>
            <translation>Zeigt die Läufe eines anderen Ordners oder einer anderen Aufzeichnung</translation>
        </message>
        <message>
            <source>The chart in sight as SVG, PDF, PNG or CSV (Ctrl+E); a right click offers more</source>
            <translation>Das sichtbare Diagramm als SVG, PDF, PNG oder CSV (Strg+E); ein Rechtsklick bietet mehr</translation>
        </message>
        <message>
            <source>Recorded runs</source>
            <translation>Aufgezeichnete Läufe</translation>
        </message>
        <message>
            <source>Comparisons</source>
            <translation>Vergleiche</translation>
        </message>
        <message>
            <source>over time</source>
            <translation>über der Zeit</translation>
        </message>
        <message>
            <source>over frames</source>
            <translation>über den Bildern</translation>
        </message>
        <message>
            <source>cumulative distribution</source>
            <translation>Verteilungsfunktion</translation>
        </message>
        <message>
            <source>accuracy, latency</source>
            <translation>Genauigkeit, Latenz</translation>
        </message>
        <message>
            <source>accuracy, energy</source>
            <translation>Genauigkeit, Energie</translation>
        </message>
        <message>
            <source>energy, latency</source>
            <translation>Energie, Latenz</translation>
        </message>
        <message>
            <source>What the comparison says</source>
            <translation>Was der Vergleich besagt</translation>
        </message>
        <message>
            <source>any tag</source>
            <translation>alle Schlagwörter</translation>
        </message>
        <message>
            <source>Open the runs of a folder</source>
            <translation>Läufe eines Ordners öffnen</translation>
        </message>
        <message>
            <source>Delete run</source>
            <translation>Lauf löschen</translation>
        </message>
        <message>
            <source>Delete the run of %1 with all its %L2 records? It cannot be brought back.</source>
            <translation>Den Lauf vom %1 mit allen seinen %L2 Datensätzen löschen? Er lässt sich nicht zurückholen.</translation>
        </message>
        <message>
            <source>Delete</source>
            <translation>Löschen</translation>
        </message>
        <message>
            <source>Export chart</source>
            <translation>Diagramm exportieren</translation>
        </message>
        <message>
            <source>Export, one column wide (85 mm)…</source>
            <translation>Exportieren, eine Spalte breit (85 mm) …</translation>
        </message>
        <message>
            <source>Export, two columns wide (178 mm)…</source>
            <translation>Exportieren, zwei Spalten breit (178 mm) …</translation>
        </message>
        <message>
            <source>Copy image and values</source>
            <translation>Bild und Werte kopieren</translation>
        </message>
        <message>
            <source>Do not compare</source>
            <translation>Nicht vergleichen</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Edit tags</source>
            <translation>Schlagwörter bearbeiten</translation>
        </message>
        <message>
            <source>Edit notes</source>
            <translation>Notizen bearbeiten</translation>
        </message>
        <message>
            <source>Delete…</source>
            <translation>Löschen …</translation>
        </message>
        <message>
            <source>against %1</source>
            <translation>gegen %1</translation>
        </message>
        <message>
            <source>No cost table knows the decisions of the checked runs: predictions need one.</source>
            <translation>Keine Kostentabelle kennt die Entscheidungen der angekreuzten Läufe: Vorhersagen brauchen eine.</translation>
        </message>
        <message>
            <source>The checked runs recorded nothing of this: choose another quantity, or check others.</source>
            <translation>Die angekreuzten Läufe haben hiervon nichts aufgezeichnet: andere Größe wählen oder andere Läufe ankreuzen.</translation>
        </message>
        <message>
            <source>Check runs in the table above: they are compared here.</source>
            <translation>Oben in der Tabelle Läufe ankreuzen: sie werden hier verglichen.</translation>
        </message>
        <message>
            <source>Compare the newest</source>
            <translation>Die neuesten vergleichen</translation>
        </message>
        <message>
            <source>Recorded runs are compared here: by latency, reward, accuracy, energy, and by what was predicted.</source>
            <translation>Hier werden aufgezeichnete Läufe verglichen: nach Latenz, Belohnung, Genauigkeit, Energie und nach dem, was vorhergesagt war.</translation>
        </message>
        <message>
            <source>%1 of %2 runs, %3 checked</source>
            <translation>%1 von %2 Läufen, %3 angekreuzt</translation>
        </message>
        <message>
            <source>1 run, %1 checked</source>
            <translation>1 Lauf, %1 angekreuzt</translation>
        </message>
        <message>
            <source>%1 runs, %2 checked</source>
            <translation>%1 Läufe, %2 angekreuzt</translation>
        </message>
        <message>
            <source>No run has all of these words, and the tag.</source>
            <translation>Kein Lauf enthält alle diese Wörter und das Schlagwort.</translation>
        </message>
        <message>
            <source>Show all runs</source>
            <translation>Alle Läufe zeigen</translation>
        </message>
        <message>
            <source>No run is recorded yet. Every experiment is, as soon as it is started.</source>
            <translation>Noch ist kein Lauf aufgezeichnet. Jedes Experiment wird es, sobald es beginnt.</translation>
        </message>
        <message>
            <source>Start an experiment</source>
            <translation>Experiment starten</translation>
        </message>
        <message>
            <source>reading the records …</source>
            <translation>liest die Aufzeichnungen …</translation>
        </message>
        <message>
            <source>comparing …</source>
            <translation>vergleicht …</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ControlDock</name>
        <message>
            <source>Slowdown</source>
            <translation>Verlangsamung</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>An emulated device takes this many times as long for its layers. ×8 on a laptop comes near a Raspberry Pi.</source>
            <translation>Ein emuliertes Gerät braucht für seine Schichten so viel Mal so lange. ×8 kommt auf einem Laptop einem Raspberry Pi nahe.</translation>
        </message>
        <message>
            <source>Controls</source>
            <translation>Regler</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DecisionControls</name>
        <message>
            <source>Decision</source>
            <translation>Entscheidung</translation>
        </message>
        <message>
            <source>Strategy</source>
            <translation>Strategie</translation>
        </message>
        <message>
            <source>Exit</source>
            <translation>Ausgang</translation>
        </message>
        <message>
            <source>Cut after</source>
            <translation>Schnitt nach</translation>
        </message>
        <message>
            <source>Send as</source>
            <translation>Senden als</translation>
        </message>
        <message>
            <source>Gate</source>
            <translation>Gate</translation>
        </message>
        <message>
            <source>exit %1, below %2</source>
            <translation>Ausgang %1, unter %2</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keines</translation>
        </message>
        <message>
            <source>Gate: frames whose entropy at an earlier exit is below so many nats are answered there: by the edge where that exit branches off behind the cut, else by the device.</source>
            <translation>Gate: Bilder, deren Entropie an einem früheren Ausgang unter so vielen Nats liegt, werden dort beantwortet: von der Edge, wo dieser Ausgang hinter dem Schnitt abzweigt, sonst vom Gerät.</translation>
        </message>
        <message>
            <source>Who chooses exit, cut and coding of each frame</source>
            <translation>Wer Ausgang, Schnitt und Codierung jedes Bildes wählt</translation>
        </message>
        <message>
            <source>Exit point: where the network stops. Earlier exits are faster and less accurate.</source>
            <translation>Ausgang: wo das Netz aufhört. Frühere Ausgänge sind schneller und weniger genau.</translation>
        </message>
        <message>
            <source>Partition point: the device runs the layers up to here, the edge the rest.</source>
            <translation>Schnittpunkt: das Gerät rechnet die Schichten bis hier, die Edge den Rest.</translation>
        </message>
        <message>
            <source>How what crosses the link is written. Fewer bits: fewer bytes, coarser values.</source>
            <translation>Wie geschrieben wird, was über den Link geht. Weniger Bits: weniger Bytes, gröbere Werte.</translation>
        </message>
        <message>
            <source>%1 (%2 layers)</source>
            <translation>%1 (%2 Schichten)</translation>
        </message>
        <message>
            <source>0 · input: all on the edge</source>
            <translation>0 · Eingabe: alles auf der Edge</translation>
        </message>
        <message>
            <source>%1 · result: all on the device</source>
            <translation>%1 · Ergebnis: alles auf dem Gerät</translation>
        </message>
        <message>
            <source>%1 · %2 (%3)</source>
            <translation>%1 · %2 (%3)</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DeviceDetails</name>
        <message>
            <source>Power</source>
            <translation>Leistung</translation>
        </message>
        <message>
            <source>By the device&apos;s meter: the mean of the last second</source>
            <translation>Nach dem Messgerät des Geräts: das Mittel der letzten Sekunde</translation>
        </message>
        <message>
            <source>no meter</source>
            <translation>kein Messgerät</translation>
        </message>
        <message>
            <source>%1 W (%2)</source>
            <translation>%1 W (%2)</translation>
        </message>
        <message>
            <source>W</source>
            <translation>W</translation>
        </message>
        <message>
            <source>measured</source>
            <translation>gemessen</translation>
        </message>
        <message>
            <source>%1 of %2 GB used</source>
            <translation>%1 von %2 GB belegt</translation>
        </message>
        <message>
            <source>%1 GB</source>
            <translation>%1 GB</translation>
        </message>
        <message>
            <source>, daemon %1 MB</source>
            <translation>, Daemon %1 MB</translation>
        </message>
        <message>
            <source>%1 of %2 MHz</source>
            <translation>%1 von %2 MHz</translation>
        </message>
        <message>
            <source>%1 MHz</source>
            <translation>%1 MHz</translation>
        </message>
        <message>
            <source>slowed now: its times are longer</source>
            <translation>jetzt gedrosselt: seine Zeiten sind länger</translation>
        </message>
        <message>
            <source>not slowed</source>
            <translation>nicht gedrosselt</translation>
        </message>
        <message>
            <source>; the supply is too weak</source>
            <translation>; die Stromversorgung ist zu schwach</translation>
        </message>
        <message>
            <source>s ago</source>
            <translation>s her</translation>
        </message>
        <message>
            <source>Temperature</source>
            <translation>Temperatur</translation>
        </message>
        <message>
            <source>Load</source>
            <translation>Last</translation>
        </message>
        <message>
            <source>Round trip</source>
            <translation>Umlaufzeit</translation>
        </message>
        <message>
            <source>Board</source>
            <translation>Platine</translation>
        </message>
        <message>
            <source>The board's model, else the processor's</source>
            <translation>Das Modell der Platine, sonst des Prozessors</translation>
        </message>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>Distribution and kernel</source>
            <translation>Distribution und Kernel</translation>
        </message>
        <message>
            <source>Computes with</source>
            <translation>Rechnet mit</translation>
        </message>
        <message>
            <source>What runs the layers there</source>
            <translation>Was dort die Schichten rechnet</translation>
        </message>
        <message>
            <source>Processes that run or wait to: a minute's mean. More than it has cores: it is overloaded</source>
            <translation>Prozesse, die laufen oder darauf warten: Mittel einer Minute. Mehr als Kerne: überlastet</translation>
        </message>
        <message>
            <source>Memory</source>
            <translation>Speicher</translation>
        </message>
        <message>
            <source>Of the device or its container, and what the daemon holds</source>
            <translation>Des Geräts oder seines Containers, und was der Daemon belegt</translation>
        </message>
        <message>
            <source>Clock</source>
            <translation>Takt</translation>
        </message>
        <message>
            <source>Of its fastest core: now, and at most</source>
            <translation>Seines schnellsten Kerns: jetzt, und höchstens</translation>
        </message>
        <message>
            <source>Of its warmest zone</source>
            <translation>Seiner wärmsten Zone</translation>
        </message>
        <message>
            <source>Throttling</source>
            <translation>Drosselung</translation>
        </message>
        <message>
            <source>A device that is too hot, or whose supply is too weak, slows its clock: its times no longer fit its profile</source>
            <translation>Ein Gerät, das zu heiß oder zu schwach versorgt ist, senkt seinen Takt: seine Zeiten passen nicht mehr zum Profil</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <source>What its daemon does, by its own books</source>
            <translation>Was sein Daemon tut, nach dessen eigenen Büchern</translation>
        </message>
        <message>
            <source>Public key</source>
            <translation>Öffentlicher Schlüssel</translation>
        </message>
        <message>
            <source>By which this device proves who it is</source>
            <translation>Womit dieses Gerät beweist, wer es ist</translation>
        </message>
        <message>
            <source>–</source>
            <translation>–</translation>
        </message>
        <message>
            <source>%1  ·  %2</source>
            <translation>%1  ·  %2</translation>
        </message>
        <message>
            <source>1 core</source>
            <translation>1 Kern</translation>
        </message>
        <message>
            <source>%1 cores</source>
            <translation>%1 Kerne</translation>
        </message>
        <message>
            <source>made anew for each connection</source>
            <translation>für jede Verbindung neu erzeugt</translation>
        </message>
        <message>
            <source>the experiment</source>
            <translation>das Experiment</translation>
        </message>
        <message>
            <source>a run is active</source>
            <translation>ein Lauf ist aktiv</translation>
        </message>
        <message>
            <source>nothing</source>
            <translation>nichts</translation>
        </message>
        <message>
            <source>not told: the daemon is of an earlier release</source>
            <translation>nicht gesagt: der Daemon ist von einer früheren Version</translation>
        </message>
        <message>
            <source>its system does not tell</source>
            <translation>sein System sagt es nicht</translation>
        </message>
        <message>
            <source>, %1 % of all cores busy</source>
            <translation>, %1 % aller Kerne beschäftigt</translation>
        </message>
        <message>
            <source>%1 °C</source>
            <translation>%1 °C</translation>
        </message>
        <message>
            <source>The first reports are on their way.</source>
            <translation>Die ersten Berichte sind unterwegs.</translation>
        </message>
        <message>
            <source>Connect fills this.</source>
            <translation>Verbinden füllt dies.</translation>
        </message>
        <message>
            <source>°C</source>
            <translation>°C</translation>
        </message>
        <message>
            <source>This device's system does not tell its temperature.</source>
            <translation>Das System dieses Geräts nennt seine Temperatur nicht.</translation>
        </message>
        <message>
            <source>warmest zone</source>
            <translation>wärmste Zone</translation>
        </message>
        <message>
            <source>% of all cores</source>
            <translation>% aller Kerne</translation>
        </message>
        <message>
            <source>busy</source>
            <translation>beschäftigt</translation>
        </message>
        <message>
            <source>a minute's load</source>
            <translation>Last einer Minute</translation>
        </message>
        <message>
            <source>ms</source>
            <translation>ms</translation>
        </message>
        <message>
            <source>heartbeat</source>
            <translation>Lebenszeichen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DeviceForm</name>
        <message>
            <source>Device's name</source>
            <translation>Name des Geräts</translation>
        </message>
        <message>
            <source>kitchen-pi</source>
            <translation>kuechen-pi</translation>
        </message>
        <message>
            <source>Host name or address</source>
            <translation>Rechnername oder Adresse</translation>
        </message>
        <message>
            <source>raspberrypi.local</source>
            <translation>raspberrypi.local</translation>
        </message>
        <message>
            <source>Public key</source>
            <translation>Öffentlicher Schlüssel</translation>
        </message>
        <message>
            <source>40 characters; splitscoped prints it when it starts</source>
            <translation>40 Zeichen; splitscoped gibt ihn beim Start aus</translation>
        </message>
        <message>
            <source>Add</source>
            <translation>Hinzufügen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Copy this edge's key</source>
            <translation>Schlüssel dieser Edge kopieren</translation>
        </message>
        <message>
            <source>Port</source>
            <translation>Port</translation>
        </message>
        <message>
            <source>The control port; data uses the next one</source>
            <translation>Der Steuer-Port; Daten nehmen den nächsten</translation>
        </message>
        <message>
            <source>Without it anybody could pretend to be the device</source>
            <translation>Ohne ihn könnte sich jeder für das Gerät ausgeben</translation>
        </message>
        <message>
            <source>The device lets nobody in but those whose keys are in its file allowed-edges</source>
            <translation>Das Gerät lässt nur die ein, deren Schlüssel in seiner Datei allowed-edges stehen</translation>
        </message>
        <message>
            <source>What to do on the device</source>
            <translation>Was auf dem Gerät zu tun ist</translation>
        </message>
        <message>
            <source>&amp;Name</source>
            <translation>&amp;Name</translation>
        </message>
        <message>
            <source>&amp;Host</source>
            <translation>&amp;Rechner</translation>
        </message>
        <message>
            <source>&amp;Port</source>
            <translation>&amp;Port</translation>
        </message>
        <message>
            <source>Public &amp;key</source>
            <translation>Öffentlicher &amp;Schlüssel</translation>
        </message>
        <message>
            <source>On the device: put this edge's key%1 into ~/.config/splitscope/allowed-edges, a line of its own, and start splitscoped --bind 0.0.0.0. It prints its own public key: that goes into the field above.</source>
            <translation>Auf dem Gerät: den Schlüssel dieser Edge%1 in ~/.config/splitscope/allowed-edges eintragen, in eine eigene Zeile, und splitscoped --bind 0.0.0.0 starten. Es gibt seinen eigenen öffentlichen Schlüssel aus: der gehört in das Feld oben.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DeviceModel</name>
        <message>
            <source>○ not connected</source>
            <translation>○ nicht verbunden</translation>
        </message>
        <message>
            <source>◌ connecting</source>
            <translation>◌ verbindet</translation>
        </message>
        <message>
            <source>● in the experiment</source>
            <translation>● im Experiment</translation>
        </message>
        <message>
            <source>● connected</source>
            <translation>● verbunden</translation>
        </message>
        <message>
            <source>◐ silent</source>
            <translation>◐ stumm</translation>
        </message>
        <message>
            <source>◐ no answer</source>
            <translation>◐ keine Antwort</translation>
        </message>
        <message>
            <source>✕ failed</source>
            <translation>✕ gescheitert</translation>
        </message>
        <message>
            <source>never</source>
            <translation>nie</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1, protocol %2</source>
            <translation>%1, Protokoll %2</translation>
        </message>
        <message>
            <source>The device of the next experiment</source>
            <translation>Das Gerät des nächsten Experiments</translation>
        </message>
        <message>
            <source>From a heartbeat to its answer</source>
            <translation>Von einem Lebenszeichen bis zu seiner Antwort</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Last heard</source>
            <translation>Zuletzt gehört</translation>
        </message>
        <message>
            <source>Round trip</source>
            <translation>Umlaufzeit</translation>
        </message>
        <message>
            <source>Board</source>
            <translation>Platine</translation>
        </message>
        <message>
            <source>Cores</source>
            <translation>Kerne</translation>
        </message>
        <message>
            <source>Computes with</source>
            <translation>Rechnet mit</translation>
        </message>
        <message>
            <source>Program</source>
            <translation>Programm</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DeviceWatch</name>
        <message>
            <source>this machine</source>
            <translation>dieser Rechner</translation>
        </message>
        <message>
            <source>give the device a name, e.g. kitchen-pi</source>
            <translation>dem Gerät einen Namen geben, z. B. kuechen-pi</translation>
        </message>
        <message>
            <source>give the device's host name or address, e.g. raspberrypi.local</source>
            <translation>Rechnernamen oder Adresse des Geräts angeben, z. B. raspberrypi.local</translation>
        </message>
        <message>
            <source>a public key has 40 characters; splitscoped prints it when it starts</source>
            <translation>ein öffentlicher Schlüssel hat 40 Zeichen; splitscoped gibt ihn beim Start aus</translation>
        </message>
        <message>
            <source>this address is known already</source>
            <translation>diese Adresse ist schon bekannt</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::DevicesPage</name>
        <message>
            <source>Add…</source>
            <translation>Hinzufügen …</translation>
        </message>
        <message>
            <source>A board that runs splitscoped: its address and its public key</source>
            <translation>Eine Platine, auf der splitscoped läuft: ihre Adresse und ihr öffentlicher Schlüssel</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Forgets the selected device; nothing changes on the device itself</source>
            <translation>Vergisst das ausgewählte Gerät; auf dem Gerät selbst ändert sich nichts</translation>
        </message>
        <message>
            <source>Connect</source>
            <translation>Verbinden</translation>
        </message>
        <message>
            <source>Shows whether it is there and how it is doing, without an experiment</source>
            <translation>Zeigt, ob es da ist und wie es ihm geht, ohne Experiment</translation>
        </message>
        <message>
            <source>Use for the next experiment</source>
            <translation>Für das nächste Experiment verwenden</translation>
        </message>
        <message>
            <source>Makes it the device of the scenario at the right</source>
            <translation>Macht es zum Gerät des Szenarios rechts</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Has the device time every layer, segment and coding of the network</source>
            <translation>Lässt das Gerät jede Schicht, jeden Abschnitt und jede Codierung des Netzes messen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Ends the measurement without a result</source>
            <translation>Beendet die Messung ohne Ergebnis</translation>
        </message>
        <message>
            <source>Show figures</source>
            <translation>Diagramme zeigen</translation>
        </message>
        <message>
            <source>Opens this profile on the Profile page</source>
            <translation>Öffnet dieses Profil auf der Seite Profil</translation>
        </message>
        <message>
            <source>Known devices</source>
            <translation>Bekannte Geräte</translation>
        </message>
        <message>
            <source>Profile of</source>
            <translation>Profil von</translation>
        </message>
        <message>
            <source>Network to measure</source>
            <translation>Zu messendes Netz</translation>
        </message>
        <message>
            <source>Whose layers the device times</source>
            <translation>Wessen Schichten das Gerät misst</translation>
        </message>
        <message>
            <source> s</source>
            <translation> s</translation>
        </message>
        <message>
            <source>Time to measure</source>
            <translation>Zeit zum Messen</translation>
        </message>
        <message>
            <source>The longest that measuring may take; longer is more exact</source>
            <translation>So lange darf das Messen höchstens dauern; länger ist genauer</translation>
        </message>
        <message>
            <source>Progress of the measurement</source>
            <translation>Fortschritt der Messung</translation>
        </message>
        <message>
            <source>%1, %2 s left</source>
            <translation>%1, noch %2 s</translation>
        </message>
        <message>
            <source>Disconnect</source>
            <translation>Trennen</translation>
        </message>
        <message>
            <source>Enter connects or disconnects. The device of the next experiment is in bold.</source>
            <translation>Enter verbindet oder trennt. Das Gerät des nächsten Experiments ist fett.</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>measured</source>
            <translation>gemessen</translation>
        </message>
        <message>
            <source>1 thread</source>
            <translation>1 Thread</translation>
        </message>
        <message>
            <source>%1 threads</source>
            <translation>%1 Threads</translation>
        </message>
        <message>
            <source> %1 with %2, %3</source>
            <translation> %1 mit %2, %3</translation>
        </message>
        <message>
            <source>: the whole network takes %1</source>
            <translation>: das ganze Netz braucht %1</translation>
        </message>
        <message>
            <source>; as an emulated %1 %2</source>
            <translation>; als emuliertes %1 %2</translation>
        </message>
        <message>
            <source>%1; Measure makes it anew</source>
            <translation>%1; „Messen“ macht es neu</translation>
        </message>
        <message>
            <source>connecting to %1 …</source>
            <translation>verbindet mit %1 …</translation>
        </message>
        <message>
            <source>Not measured yet: Measure fills this, best while no experiment runs there.</source>
            <translation>Noch nicht gemessen: „Messen“ füllt dies, am besten, solange dort kein Experiment läuft.</translation>
        </message>
        <message>
            <source>By ssh…</source>
            <translation>Per ssh …</translation>
        </message>
        <message>
            <source>Installs a board's daemon by ssh; starts, stops, upgrades or removes one</source>
            <translation>Installiert den Daemon einer Platine per ssh; startet, beendet, erneuert oder entfernt einen</translation>
        </message>
        <message>
            <source>Pair…</source>
            <translation>Koppeln …</translation>
        </message>
        <message>
            <source>A board that runs splitscoped --pair: six digits, and each side knows the other's key</source>
            <translation>Eine Platine, auf der splitscoped --pair läuft: sechs Ziffern, und jede Seite kennt den Schlüssel der anderen</translation>
        </message>
        <message>
            <source>Only this machine is known yet: it emulates a device. Pair… or Add… a board that runs splitscoped.</source>
            <translation>Bisher ist nur dieser Rechner bekannt: er emuliert ein Gerät. „Koppeln …“ oder „Hinzufügen …“ nimmt eine Platine auf, auf der splitscoped läuft.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::EventLoopWatch</name>
        <message>
            <source>idle</source>
            <translation>im Leerlauf</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ExampleScenarios</name>
        <message>
            <source>First look</source>
            <translation>Erster Blick</translation>
        </message>
        <message>
            <source>A device eight times slower than this machine behind a 4G uplink; each request gets the best decision.</source>
            <translation>Ein Gerät, achtmal langsamer als dieser Rechner, hinter einem 4G-Uplink; jede Anfrage bekommt die beste Entscheidung.</translation>
        </message>
        <message>
            <source>Bandwidth from 0.1 to 10 MB/s</source>
            <translation>Bandbreite von 0.1 bis 10 MB/s</translation>
        </message>
        <message>
            <source>The uplink rises step by step: cuts move towards the edge, exits towards the last.</source>
            <translation>Der Uplink steigt Stufe um Stufe: Schnitte wandern zur Edge, Ausgänge zum letzten.</translation>
        </message>
        <message>
            <source>The paper's sweep, by SAC-d</source>
            <translation>Der Durchlauf des Papers, mit SAC-d</translation>
        </message>
        <message>
            <source>The same bandwidths with CIFAR-10's images, which must be there, and the trained policy.</source>
            <translation>Dieselben Bandbreiten mit den Bildern von CIFAR-10, die vorhanden sein müssen, und der trainierten Policy.</translation>
        </message>
        <message>
            <source>A mobile link</source>
            <translation>Eine Mobilverbindung</translation>
        </message>
        <message>
            <source>Rates that wander around 4G's mean, with delay, jitter and a deadline.</source>
            <translation>Raten, die um das Mittel von 4G wandern, mit Verzögerung, Jitter und einer Frist.</translation>
        </message>
        <message>
            <source>Outages</source>
            <translation>Ausfälle</translation>
        </message>
        <message>
            <source>The link fails for seconds: the device finishes frames by itself, and goes on when it is back.</source>
            <translation>Der Link fällt sekundenlang aus: das Gerät rechnet Bilder allein zu Ende und macht weiter, wenn er zurück ist.</translation>
        </message>
        <message>
            <source>Queue pressure</source>
            <translation>Druck in der Warteschlange</translation>
        </message>
        <message>
            <source>Frames come faster than they can be sent: the time waited counts, and decisions mind what waits behind.</source>
            <translation>Bilder kommen schneller, als sie gesendet werden können: Wartezeit zählt, und Entscheidungen bedenken, was dahinter wartet.</translation>
        </message>
        <message>
            <source>Sensitivity: small s</source>
            <translation>Empfindlichkeit: kleines s</translation>
        </message>
        <message>
            <source>s = 0.1 MB/s: accuracy counts as soon as there is a little bandwidth. Compare it with the large s.</source>
            <translation>s = 0.1 MB/s: Genauigkeit zählt schon bei wenig Bandbreite. Mit dem großen s vergleichen.</translation>
        </message>
        <message>
            <source>Sensitivity: large s</source>
            <translation>Empfindlichkeit: großes s</translation>
        </message>
        <message>
            <source>s = 10 MB/s: speed counts most, however fast the link is.</source>
            <translation>s = 10 MB/s: Tempo zählt am meisten, wie schnell der Link auch ist.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ExperimentPage</name>
        <message>
            <source>Recent</source>
            <translation>Zuletzt</translation>
        </message>
        <message>
            <source>Scenarios that were opened or saved last</source>
            <translation>Szenarien, die zuletzt geöffnet oder gespeichert wurden</translation>
        </message>
        <message>
            <source>Examples</source>
            <translation>Beispiele</translation>
        </message>
        <message>
            <source>Scenarios to begin with; what is changed in one is saved as a file of your own</source>
            <translation>Szenarien für den Anfang; was darin geändert wird, wird als eigene Datei gespeichert</translation>
        </message>
        <message>
            <source>State of the scenario</source>
            <translation>Zustand des Szenarios</translation>
        </message>
        <message>
            <source>No scenario was opened or saved yet</source>
            <translation>Noch wurde kein Szenario geöffnet oder gespeichert</translation>
        </message>
        <message>
            <source>No examples are installed</source>
            <translation>Es sind keine Beispiele installiert</translation>
        </message>
        <message>
            <source> • modified</source>
            <translation> • geändert</translation>
        </message>
        <message>
            <source>checking …</source>
            <translation>prüft …</translation>
        </message>
        <message>
            <source>Ready to start.</source>
            <translation>Bereit zum Start.</translation>
        </message>
        <message>
            <source>What runs now is a copy; changes here are for the next run.</source>
            <translation>Was jetzt läuft, ist eine Kopie; Änderungen hier gelten für den nächsten Lauf.</translation>
        </message>
        <message>
            <source>No records are kept.</source>
            <translation>Es wird nichts aufgezeichnet.</translation>
        </message>
        <message>
            <source>Records go to %1</source>
            <translation>Aufzeichnungen kommen nach %1</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::FigureChart</name>
        <message>
            <source>Empty figure</source>
            <translation>Leeres Diagramm</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::FirstSteps</name>
        <message>
            <source>Run the demonstration: a slow device, emulated here, behind a 4G uplink</source>
            <translation>Die Vorführung starten: ein langsames Gerät, hier emuliert, hinter einem 4G-Uplink</translation>
        </message>
        <message>
            <source>Run it</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>Starts the scenario at the right and shows the Live page (Ctrl+R)</source>
            <translation>Startet das Szenario rechts und zeigt die Seite Live (Strg+R)</translation>
        </message>
        <message>
            <source>Move a slider: the charts and the decisions follow at once; Ctrl+Z takes it back</source>
            <translation>Einen Regler bewegen: Diagramme und Entscheidungen folgen sofort; Strg+Z nimmt es zurück</translation>
        </message>
        <message>
            <source>Show me one</source>
            <translation>Einen zeigen</translation>
        </message>
        <message>
            <source>Goes to the sensitivity s, which says from which bandwidth on accuracy counts</source>
            <translation>Geht zur Empfindlichkeit s, die sagt, ab welcher Bandbreite Genauigkeit zählt</translation>
        </message>
        <message>
            <source>Compare runs, or export a chart for a paper: Ctrl+E</source>
            <translation>Läufe vergleichen oder ein Diagramm für einen Aufsatz exportieren: Strg+E</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Shows the Compare page: check two runs there</source>
            <translation>Zeigt die Seite Vergleich: dort zwei Läufe ankreuzen</translation>
        </message>
        <message>
            <source>First steps</source>
            <translation>Erste Schritte</translation>
        </message>
        <message>
            <source>Close the first steps</source>
            <translation>Die ersten Schritte schließen</translation>
        </message>
        <message>
            <source>Closes the first steps; Help shows them again</source>
            <translation>Schließt die ersten Schritte; die Hilfe zeigt sie wieder</translation>
        </message>
        <message>
            <source>That was all</source>
            <translation>Das war alles</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::FleetModel</name>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>◌ connecting</source>
            <translation>◌ verbindet</translation>
        </message>
        <message>
            <source>◌ preparing</source>
            <translation>◌ bereitet vor</translation>
        </message>
        <message>
            <source>● running</source>
            <translation>● läuft</translation>
        </message>
        <message>
            <source>❚❚ paused</source>
            <translation>❚❚ angehalten</translation>
        </message>
        <message>
            <source>◐ silent</source>
            <translation>◐ stumm</translation>
        </message>
        <message>
            <source>✓ finished</source>
            <translation>✓ fertig</translation>
        </message>
        <message>
            <source>■ stopped</source>
            <translation>■ beendet</translation>
        </message>
        <message>
            <source>✕ failed</source>
            <translation>✕ gescheitert</translation>
        </message>
        <message>
            <source>%1 done, %2 finished by the device alone, %3 lost
On this edge: %4 requests wait, %5 rows in a batch with one of its own, %6 were refused for a full queue</source>
            <translation>%1 fertig, %2 vom Gerät allein beendet, %3 verloren
Auf dieser Edge: %4 Anfragen warten, %5 Zeilen in einem Batch mit einer eigenen, %6 wurden wegen voller Warteschlange abgewiesen</translation>
        </message>
        <message>
            <source>○ of the next fleet</source>
            <translation>○ in der nächsten Flotte</translation>
        </message>
        <message>
            <source>○ not chosen</source>
            <translation>○ nicht gewählt</translation>
        </message>
        <message>
            <source>%1 %</source>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>This device&apos;s own</source>
            <translation>Eigenes dieses Geräts</translation>
        </message>
        <message>
            <source>The scenario&apos;s, at the right</source>
            <translation>Aus dem Szenario rechts</translation>
        </message>
        <message>
            <source>%1; F2 or a double click changes it for this device</source>
            <translation>%1; F2 oder ein Doppelklick ändert es für dieses Gerät</translation>
        </message>
        <message>
            <source>p50 %1, p95 %2, p99 %3</source>
            <translation>p50 %1, p95 %2, p99 %3</translation>
        </message>
        <message>
            <source>uplink</source>
            <translation>Uplink</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Strategy</source>
            <translation>Strategie</translation>
        </message>
        <message>
            <source>Uplink</source>
            <translation>Uplink</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Frames/s</source>
            <translation>Bilder/s</translation>
        </message>
        <message>
            <source>p50</source>
            <translation>p50</translation>
        </message>
        <message>
            <source>p95</source>
            <translation>p95</translation>
        </message>
        <message>
            <source>Decision</source>
            <translation>Entscheidung</translation>
        </message>
        <message>
            <source>Share</source>
            <translation>Anteil</translation>
        </message>
        <message>
            <source>Checked: one of the next fleet</source>
            <translation>Angekreuzt: in der nächsten Flotte dabei</translation>
        </message>
        <message>
            <source>Who decides for this device; bold: its own, else the scenario&apos;s</source>
            <translation>Wer für dieses Gerät entscheidet; fett: eigene Strategie, sonst die des Szenarios</translation>
        </message>
        <message>
            <source>The rate of its link over time; bold: its own, else the scenario&apos;s</source>
            <translation>Die Rate seines Links über die Zeit; fett: eigene, sonst die des Szenarios</translation>
        </message>
        <message>
            <source>What its experiment does</source>
            <translation>Was sein Experiment tut</translation>
        </message>
        <message>
            <source>With an outcome, so far</source>
            <translation>Mit Ergebnis, bisher</translation>
        </message>
        <message>
            <source>With an outcome, of late</source>
            <translation>Mit Ergebnis, in letzter Zeit</translation>
        </message>
        <message>
            <source>Half of its last requests took no longer, from capture to label</source>
            <translation>Die Hälfte seiner letzten Anfragen brauchte nicht länger, von der Aufnahme bis zum Label</translation>
        </message>
        <message>
            <source>95 % of its last requests took no longer, from capture to label</source>
            <translation>95 % seiner letzten Anfragen brauchten nicht länger, von der Aufnahme bis zum Label</translation>
        </message>
        <message>
            <source>What its last request ran under</source>
            <translation>Worunter seine letzte Anfrage lief</translation>
        </message>
        <message>
            <source>Of all the fleet&apos;s frames so far</source>
            <translation>An allen Bilder der Flotte bisher</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::FleetPage</name>
        <message>
            <source>Start fleet</source>
            <translation>Flotte starten</translation>
        </message>
        <message>
            <source>Runs the scenario at the right on every checked device at once</source>
            <translation>Lässt das Szenario rechts auf allen angekreuzten Geräten zugleich laufen</translation>
        </message>
        <message>
            <source>Stop fleet</source>
            <translation>Flotte beenden</translation>
        </message>
        <message>
            <source>Ends every device&apos;s experiment; their records are kept</source>
            <translation>Beendet das Experiment jedes Geräts; die Aufzeichnungen bleiben</translation>
        </message>
        <message>
            <source>Stop device</source>
            <translation>Gerät beenden</translation>
        </message>
        <message>
            <source>Start device again</source>
            <translation>Gerät erneut starten</translation>
        </message>
        <message>
            <source>Ends the selected device&apos;s experiment; the others go on</source>
            <translation>Beendet das Experiment des ausgewählten Geräts; die anderen laufen weiter</translation>
        </message>
        <message>
            <source>Runs the scenario once more on the selected device, beside the others</source>
            <translation>Lässt das Szenario auf dem ausgewählten Gerät noch einmal laufen, neben den anderen</translation>
        </message>
        <message>
            <source>Devices that this machine emulates</source>
            <translation>Geräte, die dieser Rechner emuliert</translation>
        </message>
        <message>
            <source>So many daemons of its own this machine starts beside the known devices: they share its processor</source>
            <translation>So viele eigene Daemons startet dieser Rechner neben den bekannten Geräten: sie teilen sich seinen Prozessor</translation>
        </message>
        <message>
            <source>Latency shown</source>
            <translation>Gezeigte Latenz</translation>
        </message>
        <message>
            <source>So many of each device&apos;s last requests took no longer than its chart shows</source>
            <translation>So viele der letzten Anfragen jedes Geräts brauchten nicht länger, als das Diagramm zeigt</translation>
        </message>
        <message>
            <source>emulated here</source>
            <translation>hier emuliert</translation>
        </message>
        <message>
            <source>latency</source>
            <translation>Latenz</translation>
        </message>
        <message>
            <source>State of the fleet</source>
            <translation>Zustand der Flotte</translation>
        </message>
        <message>
            <source>Devices of the fleet</source>
            <translation>Geräte der Flotte</translation>
        </message>
        <message>
            <source>as the scenario</source>
            <translation>wie das Szenario</translation>
        </message>
        <message>
            <source>Throughput of the fleet</source>
            <translation>Durchsatz der Flotte</translation>
        </message>
        <message>
            <source>Latency of the fleet</source>
            <translation>Latenz der Flotte</translation>
        </message>
        <message>
            <source>Batches and queue at the edge</source>
            <translation>Batches und Warteschlange der Edge</translation>
        </message>
        <message>
            <source>emulated %1</source>
            <translation>emuliert %1</translation>
        </message>
        <message>
            <source>%1 frames, %2 frames/s; p50 %3, p95 %4, p99 %5 ms; %6 fallbacks, %7 lost</source>
            <translation>%1 Bilder, %2 Bilder/s; p50 %3, p95 %4, p99 %5 ms; %6 Rückfälle, %7 verloren</translation>
        </message>
        <message>
            <source>beginning …</source>
            <translation>beginnt …</translation>
        </message>
        <message>
            <source>No device is known: add or pair some on the Devices page, or let this machine emulate some.</source>
            <translation>Kein Gerät ist bekannt: auf der Seite „Geräte“ welche hinzufügen oder koppeln oder diesen Rechner welche emulieren lassen.</translation>
        </message>
        <message>
            <source>Check the devices that are to run the scenario at the right.</source>
            <translation>Die Geräte ankreuzen, auf denen das Szenario rechts laufen soll.</translation>
        </message>
        <message numerus="yes">
            <source>%n device(s) checked; strategy and uplink of each can be changed in the table.</source>
            <translation>
                <numerusform>%n Gerät angekreuzt; seine Strategie und sein Uplink lassen sich in der Tabelle ändern.</numerusform>
                <numerusform>%n Geräte angekreuzt; Strategie und Uplink jedes einzelnen lassen sich in der Tabelle ändern.</numerusform>
            </translation>
        </message>
        <message>
            <source>Export all charts: their names are used</source>
            <translation>Alle Diagramme exportieren: ihre Namen werden verwendet</translation>
        </message>
        <message>
            <source>Export chart</source>
            <translation>Diagramm exportieren</translation>
        </message>
        <message>
            <source>Export this chart…</source>
            <translation>Dieses Diagramm exportieren …</translation>
        </message>
        <message>
            <source>Export all charts…</source>
            <translation>Alle Diagramme exportieren …</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::HelpWindow</name>
        <message>
            <source>page %1</source>
            <translation>Seite %1</translation>
        </message>
        <message>
            <source>start the experiment</source>
            <translation>das Experiment starten</translation>
        </message>
        <message>
            <source>pause the device or the replay, and go on</source>
            <translation>das Gerät oder die Wiedergabe anhalten und fortsetzen</translation>
        </message>
        <message>
            <source>stop the experiment</source>
            <translation>das Experiment beenden</translation>
        </message>
        <message>
            <source>follow the newest samples in the live charts</source>
            <translation>in den Live-Diagrammen den neuesten Werten folgen</translation>
        </message>
        <message>
            <source>export what is in sight</source>
            <translation>exportieren, was zu sehen ist</translation>
        </message>
        <message>
            <source>take back a slider's move</source>
            <translation>die Bewegung eines Reglers zurücknehmen</translation>
        </message>
        <message>
            <source>do it again</source>
            <translation>sie wiederholen</translation>
        </message>
        <message>
            <source>open a scenario</source>
            <translation>ein Szenario öffnen</translation>
        </message>
        <message>
            <source>save the scenario</source>
            <translation>das Szenario speichern</translation>
        </message>
        <message>
            <source>help</source>
            <translation>Hilfe</translation>
        </message>
        <message>
            <source>Left, Right, Page Up, Page Down</source>
            <translation>Links, Rechts, Bild auf, Bild ab</translation>
        </message>
        <message>
            <source>earlier, later in the live charts</source>
            <translation>früher, später in den Live-Diagrammen</translation>
        </message>
        <message>
            <source>zoom in, out, the whole run</source>
            <translation>hinein, heraus, der ganze Lauf</translation>
        </message>
        <message>
            <source>Home, End</source>
            <translation>Pos1, Ende</translation>
        </message>
        <message>
            <source>the run's beginning; its newest samples</source>
            <translation>der Anfang des Laufs; seine neuesten Werte</translation>
        </message>
        <message>
            <source>Shift+Left, Shift+Right, Esc</source>
            <translation>Umschalt+Links, Umschalt+Rechts, Esc</translation>
        </message>
        <message>
            <source>the crosshair, from sample to sample; without it</source>
            <translation>das Fadenkreuz von Wert zu Wert; ohne es</translation>
        </message>
        <message>
            <source>Drag, wheel, double click</source>
            <translation>Ziehen, Rad, Doppelklick</translation>
        </message>
        <message>
            <source>zoom to a stretch, around the pointer, follow; drag with Shift or the middle button: pan</source>
            <translation>auf eine Strecke zoomen, um den Zeiger, folgen; Ziehen mit Umschalt oder der mittleren Taste: verschieben</translation>
        </message>
        <message>
            <source>In figures</source>
            <translation>In Diagrammen anderer Seiten</translation>
        </message>
        <message>
            <source>the same; a drag zooms to a rectangle, Ctrl with the wheel up and down, Shift with any arrow moves the crosshair, 0 or a double click shows all</source>
            <translation>dasselbe; Ziehen zoomt auf ein Rechteck, Strg mit dem Rad auf und ab, Umschalt mit einer Pfeiltaste bewegt das Fadenkreuz, 0 oder ein Doppelklick zeigt alles</translation>
        </message>
        <message>
            <source>Tab, arrows, Enter</source>
            <translation>Tab, Pfeile, Enter</translation>
        </message>
        <message>
            <source>from field to field, a slider's step, choose</source>
            <translation>von Feld zu Feld, ein Schritt eines Reglers, wählen</translation>
        </message>
        <message>
            <source>exit point</source>
            <translation>Ausgang</translation>
        </message>
        <message>
            <source>Where the network stops: an early exit is faster and less accurate than a later one.</source>
            <translation>Wo das Netz aufhört: ein früher Ausgang ist schneller und weniger genau als ein später.</translation>
        </message>
        <message>
            <source>partition point</source>
            <translation>Schnittpunkt</translation>
        </message>
        <message>
            <source>How many layers run on the device: what the last of them gives out crosses the link, the edge does the rest. 0: the frame itself is sent; all: nothing but the label.</source>
            <translation>Wie viele Schichten auf dem Gerät laufen: was die letzte ausgibt, geht über den Link, die Edge rechnet den Rest. 0: das Bild selbst wird gesendet; alle: nichts als das Ergebnis.</translation>
        </message>
        <message>
            <source>bits</source>
            <translation>Bits</translation>
        </message>
        <message>
            <source>To how many bits each value that crosses is rounded: fewer bits, fewer bytes, a little less accuracy.</source>
            <translation>Auf wie viele Bits jeder Wert gerundet wird, der über den Link geht: weniger Bits, weniger Bytes, etwas weniger Genauigkeit.</translation>
        </message>
        <message>
            <source>decision</source>
            <translation>Entscheidung</translation>
        </message>
        <message>
            <source>Exit point, partition point and bits, chosen together for a request.</source>
            <translation>Ausgang, Schnittpunkt und Bits, für eine Anfrage gemeinsam gewählt.</translation>
        </message>
        <message>
            <source>reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>What a decision is worth: a·q + b·u, accuracy q and speed u, both from 0 to 1, weighed by a and b = 1 − a.</source>
            <translation>Was eine Entscheidung wert ist: a·q + b·u, Genauigkeit q und Tempo u, beide von 0 bis 1, gewichtet mit a und b = 1 − a.</translation>
        </message>
        <message>
            <source>regret</source>
            <translation>Regret</translation>
        </message>
        <message>
            <source>By how much the reward falls short of the best decision's at the same bandwidth, by the cost table. 0: nothing better was to be had.</source>
            <translation>Um wie viel die Belohnung bei derselben Bandbreite unter der der besten Entscheidung liegt, nach der Kostentabelle. 0: Besseres gab es nicht.</translation>
        </message>
        <message>
            <source>sensitivity s</source>
            <translation>Empfindlichkeit s</translation>
        </message>
        <message>
            <source>From about which bandwidth on accuracy counts, in a(B) = n·ln(1 + B/s): a small s asks for accuracy on slow links too.</source>
            <translation>Ab etwa welcher Bandbreite Genauigkeit zählt, in a(B) = n·ln(1 + B/s): ein kleines s verlangt sie auch auf langsamen Links.</translation>
        </message>
        <message>
            <source>weight n</source>
            <translation>Gewicht n</translation>
        </message>
        <message>
            <source>How much accuracy counts at most, in a(B) = n·ln(1 + B/s).</source>
            <translation>Wie viel Genauigkeit höchstens zählt, in a(B) = n·ln(1 + B/s).</translation>
        </message>
        <message>
            <source>energy limit ê</source>
            <translation>Energiegrenze ê</translation>
        </message>
        <message>
            <source>Decisions that take more of the device's energy a frame are worth nothing.</source>
            <translation>Entscheidungen, die das Gerät je Bild mehr Energie kosten, sind nichts wert.</translation>
        </message>
        <message>
            <source>deadline</source>
            <translation>Frist</translation>
        </message>
        <message>
            <source>Requests that take longer are worth nothing, and count as late.</source>
            <translation>Anfragen, die länger dauern, sind nichts wert und gelten als verspätet.</translation>
        </message>
        <message>
            <source>fallback</source>
            <translation>Rückfall</translation>
        </message>
        <message>
            <source>The edge was silent, so the device finished the frame by itself.</source>
            <translation>Die Edge war stumm, also hat das Gerät das Bild allein zu Ende gerechnet.</translation>
        </message>
        <message>
            <source>cost table</source>
            <translation>Kostentabelle</translation>
        </message>
        <message>
            <source>What each decision costs, measured: times of all stages, bytes, energy and accuracy. Strategies, simulator and regret go by it.</source>
            <translation>Was jede Entscheidung kostet, gemessen: Zeiten aller Stufen, Bytes, Energie und Genauigkeit. Strategien, Simulator und Regret richten sich danach.</translation>
        </message>
        <message>
            <source>codebook</source>
            <translation>Codebuch</translation>
        </message>
        <message>
            <source>How often each value occurs in a network's tensors, learnt beforehand, so that usual values take few bits.</source>
            <translation>Wie oft jeder Wert in den Tensoren eines Netzes vorkommt, vorab gelernt, damit übliche Werte wenige Bits brauchen.</translation>
        </message>
        <message>
            <source>slowdown</source>
            <translation>Verlangsamung</translation>
        </message>
        <message>
            <source>How many times slower than this machine an emulated device is made, by waiting or by repeated work.</source>
            <translation>Wie viel Mal langsamer als dieser Rechner ein emuliertes Gerät gemacht wird, durch Warten oder durch wiederholte Arbeit.</translation>
        </message>
        <message>
            <source>round trip</source>
            <translation>Umlaufzeit</translation>
        </message>
        <message>
            <source>From a heartbeat to its answer: what the link takes when it carries nothing.</source>
            <translation>Von einem Lebenszeichen bis zu seiner Antwort: was der Link braucht, wenn er nichts trägt.</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>What the terms mean</source>
            <translation>Was die Begriffe bedeuten</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LatencyStackChart</name>
        <message>
            <source>Latency</source>
            <translation>Latenz</translation>
        </message>
        <message>
            <source>by stage, a request (ms)</source>
            <translation>je Stufe, eine Anfrage (ms)</translation>
        </message>
        <message>
            <source>Start an experiment: the time of each stage of every request appears here.</source>
            <translation>Ein Experiment starten: hier erscheint die Zeit jeder Stufe jeder Anfrage.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LinkControls</name>
        <message>
            <source>CAT1 0.13 Mbit/s</source>
            <translation>CAT1 0.13 Mbit/s</translation>
        </message>
        <message>
            <source>3G 1.1 Mbit/s</source>
            <translation>3G 1.1 Mbit/s</translation>
        </message>
        <message>
            <source>4G 5.85 Mbit/s</source>
            <translation>4G 5.85 Mbit/s</translation>
        </message>
        <message>
            <source>Wi-Fi 18.88 Mbit/s</source>
            <translation>WLAN 18.88 Mbit/s</translation>
        </message>
        <message>
            <source>unlimited</source>
            <translation>unbegrenzt</translation>
        </message>
        <message>
            <source>Link</source>
            <translation>Link</translation>
        </message>
        <message>
            <source>Rate</source>
            <translation>Rate</translation>
        </message>
        <message>
            <source>Added delay</source>
            <translation>Zusätzliche Verzögerung</translation>
        </message>
        <message>
            <source>Jitter</source>
            <translation>Jitter</translation>
        </message>
        <message>
            <source>The device's uplink is shaped to this rate. Write 300 KB/s, 2 MB/s, 5.85 Mbit/s or unlimited.</source>
            <translation>Der Uplink des Geräts wird auf diese Rate begrenzt. Zu schreiben als 300 KB/s, 2 MB/s, 5.85 Mbit/s oder unlimited.</translation>
        </message>
        <message>
            <source>Added one way to every message that leaves the device.</source>
            <translation>In einer Richtung zu jeder Nachricht, die das Gerät verlässt.</translation>
        </message>
        <message>
            <source>The added delay varies evenly by up to so much either way; nothing overtakes.</source>
            <translation>Um so viel schwankt die zusätzliche Verzögerung gleichmäßig nach beiden Seiten; nichts überholt.</translation>
        </message>
        <message>
            <source>custom rate</source>
            <translation>eigene Rate</translation>
        </message>
        <message>
            <source>trace file…</source>
            <translation>Trace-Datei …</translation>
        </message>
        <message>
            <source>Source of the rate</source>
            <translation>Quelle der Rate</translation>
        </message>
        <message>
            <source>Mean uplink rates of cellular and Wi-Fi links, and rates that vary: generated or recorded</source>
            <translation>Mittlere Uplink-Raten von Mobilfunk und WLAN und Raten, die schwanken: erzeugt oder aufgezeichnet</translation>
        </message>
        <message>
            <source>A bandwidth trace</source>
            <translation>Ein Bandbreiten-Trace</translation>
        </message>
        <message>
            <source>trace %1…</source>
            <translation>Trace %1 …</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LiveCharts</name>
        <message>
            <source>Bandwidth</source>
            <translation>Bandbreite</translation>
        </message>
        <message>
            <source>uplink rate (MB/s)</source>
            <translation>Uplink-Rate (MB/s)</translation>
        </message>
        <message>
            <source>Start an experiment: the rate that was set and the rate that was achieved appear here.</source>
            <translation>Ein Experiment starten: hier erscheinen die eingestellte und die erreichte Rate.</translation>
        </message>
        <message>
            <source>Accuracy</source>
            <translation>Genauigkeit</translation>
        </message>
        <message>
            <source>correct frames so far (%)</source>
            <translation>bisher richtige Bilder (%)</translation>
        </message>
        <message>
            <source>Start an experiment: the share of frames labelled correctly so far appears here.</source>
            <translation>Ein Experiment starten: hier erscheint der Anteil der bisher richtig erkannten Bilder.</translation>
        </message>
        <message>
            <source>Energy a frame</source>
            <translation>Energie je Bild</translation>
        </message>
        <message>
            <source>modelled, device (mJ)</source>
            <translation>modelliert, Gerät (mJ)</translation>
        </message>
        <message>
            <source>Start an experiment: the device's energy for each frame, as the model computes it, appears here.</source>
            <translation>Ein Experiment starten: hier erscheint die Energie des Geräts für jedes Bild, wie das Modell sie berechnet.</translation>
        </message>
        <message>
            <source>Reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>a request</source>
            <translation>eine Anfrage</translation>
        </message>
        <message>
            <source>Start an experiment on a model that has a cost table: the reward of each decision, and by how much it falls short of the exact optimum, appear here.</source>
            <translation>Ein Experiment mit einem Modell starten, das eine Kostentabelle hat: hier erscheinen die Belohnung jeder Entscheidung und ihr Abstand zum exakten Optimum.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LivePage</name>
        <message>
            <source>set: what the uplink is shaped to. achieved: bytes over the time that they took. estimated: what is believed of the uplink now, with its 95 % interval.</source>
            <translation>eingestellt: worauf der Uplink begrenzt ist. erreicht: Bytes durch die Zeit, die sie brauchten. geschätzt: was jetzt vom Uplink angenommen wird, mit 95-%-Intervall.</translation>
        </message>
        <message>
            <source>T, from capture to label, by its stages: device, coding, link, edge. The dashed line is the deadline.</source>
            <translation>T, von der Aufnahme bis zum Ergebnis, nach Stufen: Gerät, Codierung, Link, Edge. Die gestrichelte Linie ist die Frist.</translation>
        </message>
        <message>
            <source>What was decided. Exit point: where the network stops. Partition point: how many layers run on the device. Bits: to how many each value that crosses is rounded.</source>
            <translation>Was entschieden wurde. Ausgang: wo das Netz aufhört. Schnittpunkt: wie viele Schichten auf dem Gerät laufen. Bits: worauf jeder Wert gerundet wird, der über den Link geht.</translation>
        </message>
        <message>
            <source>running: the share of frames labelled correctly so far. expected: the share that the cost table expects of the same decisions.</source>
            <translation>laufend: der Anteil der bisher richtig erkannten Bilder. erwartet: der Anteil, den die Kostentabelle von denselben Entscheidungen erwartet.</translation>
        </message>
        <message>
            <source>reward: with the table's accuracy and the measured time. regret: by the table alone, at the rate that the uplink had.</source>
            <translation>Belohnung: mit der Genauigkeit der Tabelle und der gemessenen Zeit. Regret: nach der Tabelle allein, bei der Rate, die der Uplink hatte.</translation>
        </message>
        <message>
            <source>Modelled, not metered: computing and sending, from the layers' operations and the measured rate.</source>
            <translation>Modelliert, nicht gemessen: Rechnen und Senden, aus den Operationen der Schichten und der gemessenen Rate.</translation>
        </message>
        <message>
            <source>Left, Right: earlier, later. Plus, Minus: zoom. Home: the beginning. End or F: follow. 0: the whole run. Shift with Left or Right: the crosshair.</source>
            <translation>Links, Rechts: früher, später. Plus, Minus: Zoom. Pos1: der Anfang. Ende oder F: folgen. 0: der ganze Lauf. Umschalt mit Links oder Rechts: das Fadenkreuz.</translation>
        </message>
        <message>
            <source>deadline %1 ms</source>
            <translation>Frist %1 ms</translation>
        </message>
        <message>
            <source>limit %1 mJ</source>
            <translation>Grenze %1 mJ</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LogModel</name>
        <message>
            <source>debug</source>
            <translation>Debug</translation>
        </message>
        <message>
            <source>info</source>
            <translation>Info</translation>
        </message>
        <message>
            <source>warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>%1 lines were dropped: they came faster than they can be shown</source>
            <translation>%1 Zeilen fielen weg: sie kamen schneller, als sie gezeigt werden können</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>Level</source>
            <translation>Stufe</translation>
        </message>
        <message>
            <source>Component</source>
            <translation>Teil</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>Text</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::LogPage</name>
        <message>
            <source>Nothing to show. Start an experiment, or widen the filter.</source>
            <translation>Nichts zu zeigen. Ein Experiment starten oder den Filter weiten.</translation>
        </message>
        <message>
            <source>everything</source>
            <translation>alles</translation>
        </message>
        <message>
            <source>info and above</source>
            <translation>ab Info</translation>
        </message>
        <message>
            <source>warnings and errors</source>
            <translation>Warnungen und Fehler</translation>
        </message>
        <message>
            <source>errors</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>Lowest level</source>
            <translation>Niedrigste Stufe</translation>
        </message>
        <message>
            <source>Filter by component or text</source>
            <translation>Nach Teil oder Text filtern</translation>
        </message>
        <message>
            <source>Filter</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Leeren</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copies the selected lines, or all that are shown</source>
            <translation>Kopiert die ausgewählten Zeilen oder alle, die gezeigt werden</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::MainWindow</name>
        <message>
            <source>Go on with this run, which was interrupted, where it stood</source>
            <translation>Diesen unterbrochenen Lauf fortsetzen, wo er stand</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
        <message>
            <source>Start an experiment with the values at the right</source>
            <translation>Ein Experiment mit den Werten rechts starten</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Pause the device, or go on</source>
            <translation>Das Gerät anhalten oder fortsetzen</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>End the experiment; its records are kept</source>
            <translation>Das Experiment beenden; seine Aufzeichnungen bleiben</translation>
        </message>
        <message>
            <source>Follow</source>
            <translation>Folgen</translation>
        </message>
        <message>
            <source>Show the newest samples; dragging in a chart zooms</source>
            <translation>Die neuesten Werte zeigen; Ziehen in einem Diagramm zoomt</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen …</translation>
        </message>
        <message>
            <source>Open a scenario</source>
            <translation>Ein Szenario öffnen</translation>
        </message>
        <message>
            <source>Save</source>
            <translation>Speichern</translation>
        </message>
        <message>
            <source>Save the scenario, with the values at the right</source>
            <translation>Das Szenario mit den Werten rechts speichern</translation>
        </message>
        <message>
            <source>Export charts</source>
            <translation>Diagramme exportieren</translation>
        </message>
        <message>
            <source>Export all charts as PNG, SVG, PDF or CSV; a right click exports one</source>
            <translation>Alle Diagramme als PNG, SVG, PDF oder CSV exportieren; ein Rechtsklick exportiert eines</translation>
        </message>
        <message>
            <source>Light or dark</source>
            <translation>Hell oder dunkel</translation>
        </message>
        <message>
            <source>Live</source>
            <translation>Live</translation>
        </message>
        <message>
            <source>Scenario</source>
            <translation>Szenario</translation>
        </message>
        <message>
            <source>Profile</source>
            <translation>Profil</translation>
        </message>
        <message>
            <source>Optimizer</source>
            <translation>Optimierer</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation>%1 (%2)</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Devices</source>
            <translation>Geräte</translation>
        </message>
        <message>
            <source>New</source>
            <translation>Neu</translation>
        </message>
        <message>
            <source>A scenario with usual values; unsaved changes are kept among the recent ones</source>
            <translation>Ein Szenario mit üblichen Werten; ungespeicherte Änderungen bleiben unter den letzten erhalten</translation>
        </message>
        <message>
            <source>Save as…</source>
            <translation>Speichern als …</translation>
        </message>
        <message>
            <source>Save the scenario in another file</source>
            <translation>Das Szenario in einer anderen Datei speichern</translation>
        </message>
        <message>
            <source>An experiment is under way; stop it first, or queue this one</source>
            <translation>Ein Experiment läuft; es erst beenden oder dieses einreihen</translation>
        </message>
        <message>
            <source>%1[*] – Splitscope</source>
            <translation>%1[*] – Splitscope</translation>
        </message>
        <message>
            <source>Open scenario</source>
            <translation>Szenario öffnen</translation>
        </message>
        <message>
            <source>Scenarios (*.json)</source>
            <translation>Szenarien (*.json)</translation>
        </message>
        <message>
            <source>Save scenario</source>
            <translation>Szenario speichern</translation>
        </message>
        <message>
            <source>Export %1, one column wide (85 mm)…</source>
            <translation>%1 exportieren, eine Spalte breit (85 mm) …</translation>
        </message>
        <message>
            <source>Export %1, two columns wide (178 mm)…</source>
            <translation>%1 exportieren, zwei Spalten breit (178 mm) …</translation>
        </message>
        <message>
            <source>Export this chart…</source>
            <translation>Dieses Diagramm exportieren …</translation>
        </message>
        <message>
            <source>Export all charts: their names are appended</source>
            <translation>Alle Diagramme exportieren: ihre Namen werden angehängt</translation>
        </message>
        <message>
            <source>Export chart</source>
            <translation>Diagramm exportieren</translation>
        </message>
        <message>
            <source>Help</source>
            <translation>Hilfe</translation>
        </message>
        <message>
            <source>First steps, keys, and what the terms mean</source>
            <translation>Erste Schritte, Tasten und was die Begriffe bedeuten</translation>
        </message>
        <message>
            <source>First steps</source>
            <translation>Erste Schritte</translation>
        </message>
        <message>
            <source>User guide</source>
            <translation>Handbuch</translation>
        </message>
        <message>
            <source>Keys</source>
            <translation>Tasten</translation>
        </message>
        <message>
            <source>What the terms mean</source>
            <translation>Was die Begriffe bedeuten</translation>
        </message>
        <message>
            <source>Language</source>
            <translation>Sprache</translation>
        </message>
        <message>
            <source>As the system</source>
            <translation>Wie das System</translation>
        </message>
        <message>
            <source>from the next start on</source>
            <translation>ab dem nächsten Start</translation>
        </message>
        <message>
            <source>Replay</source>
            <translation>Wiedergeben</translation>
        </message>
        <message>
            <source>Show this run on the Live page again, at any speed</source>
            <translation>Diesen Lauf auf der Seite Live wieder zeigen, beliebig schnell</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>Bericht …</translation>
        </message>
        <message>
            <source>Write this run as one HTML file: charts, tables, scenario, environment</source>
            <translation>Diesen Lauf als eine HTML-Datei schreiben: Diagramme, Tabellen, Szenario, Umgebung</translation>
        </message>
        <message>
            <source>Write report</source>
            <translation>Bericht schreiben</translation>
        </message>
        <message>
            <source>Reports (*.html)</source>
            <translation>Berichte (*.html)</translation>
        </message>
        <message>
            <source>when this run has ended</source>
            <translation>wenn dieser Lauf zu Ende ist</translation>
        </message>
        <message numerus="yes">
            <source>%p %, about %n s left</source>
            <translation>
                <numerusform>%p %, noch etwa %n s</numerusform>
                <numerusform>%p %, noch etwa %n s</numerusform>
            </translation>
        </message>
        <message>
            <source>beginning</source>
            <translation>beginnt</translation>
        </message>
        <message>
            <source>Fault</source>
            <translation>Störung</translation>
        </message>
        <message>
            <source>Let something go wrong, and see what the experiment does then; its records tell it</source>
            <translation>Etwas schiefgehen lassen und sehen, was das Experiment dann tut; seine Aufzeichnung nennt es</translation>
        </message>
        <message>
            <source>A fleet is under way; stop it first, or queue this one</source>
            <translation>Eine Flotte läuft; erst beenden oder dieses Experiment einreihen</translation>
        </message>
        <message>
            <source>An experiment is under way; stop it first</source>
            <translation>Ein Experiment läuft; erst beenden</translation>
        </message>
        <message>
            <source>Fleet</source>
            <translation>Flotte</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::NetworkStrip</name>
        <message>
            <source>Network and cut</source>
            <translation>Netz und Schnitt</translation>
        </message>
        <message>
            <source>answered early</source>
            <translation>früh beantwortet</translation>
        </message>
        <message>
            <source>The layers of the path to the present exit. Orange: on the device. Green: on the edge. ✂: the cut, and what crosses the link there. Small marks show where earlier exits branch off; ◇ is a gate: frames that its exit is sure of are answered there.</source>
            <translation>Die Schichten des Wegs zum jetzigen Ausgang. Orange: auf dem Gerät. Grün: auf der Edge. ✂: der Schnitt und was dort über den Link geht. Kleine Marken zeigen, wo frühere Ausgänge abzweigen; ◇ ist ein Gate: Bilder, bei denen sein Ausgang sicher ist, werden dort beantwortet.</translation>
        </message>
        <message>
            <source>device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>transfer</source>
            <translation>Übertragung</translation>
        </message>
        <message>
            <source>edge</source>
            <translation>Edge</translation>
        </message>
        <message>
            <source>fallback</source>
            <translation>Rückfall</translation>
        </message>
        <message>
            <source>Choose a model: its layers appear here.</source>
            <translation>Ein Modell wählen: hier erscheinen seine Schichten.</translation>
        </message>
        <message>
            <source>Start an experiment: the cut, what crosses it and how long each side takes appear here.</source>
            <translation>Ein Experiment starten: hier erscheinen der Schnitt, was über den Link geht und wie lange jede Seite braucht.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::OptimizerPage</name>
        <message>
            <source>Discrete Soft Actor-Critic, with this project's settings</source>
            <translation>Diskreter Soft Actor-Critic mit den Einstellungen dieses Projekts</translation>
        </message>
        <message>
            <source>Deep Q-network, the paper's comparison</source>
            <translation>Deep-Q-Netz, der Vergleich des Papers</translation>
        </message>
        <message>
            <source>Soft Actor-Critic with the paper's settings: γ 0.99, three bit widths</source>
            <translation>Soft Actor-Critic mit den Einstellungen des Papers: γ 0.99, drei Bitbreiten</translation>
        </message>
        <message>
            <source>A deep Q-network over exit and cut alone, with Edgent's reward</source>
            <translation>Ein Deep-Q-Netz nur über Ausgang und Schnitt, mit Edgents Belohnung</translation>
        </message>
        <message>
            <source>A network fitted to the table's rewards of all decisions: the fastest to train</source>
            <translation>Ein Netz, das den Belohnungen der Tabelle für alle Entscheidungen angepasst wird: am schnellsten trainiert</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Seed</translation>
        </message>
        <message>
            <source>The same seed trains the same policy</source>
            <translation>Derselbe Seed trainiert dieselbe Policy</translation>
        </message>
        <message>
            <source>Updates</source>
            <translation>Updates</translation>
        </message>
        <message>
            <source>Steps of the optimizer</source>
            <translation>Schritte des Optimierers</translation>
        </message>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Fine-tune</source>
            <translation>Nachtrainieren</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen …</translation>
        </message>
        <message>
            <source>Save…</source>
            <translation>Speichern …</translation>
        </message>
        <message>
            <source>Use in run</source>
            <translation>Im Lauf verwenden</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren …</translation>
        </message>
        <message>
            <source>A cost table fills this: what is best at which bandwidth, and what the policy does there.</source>
            <translation>Eine Kostentabelle füllt dies: was bei welcher Bandbreite das Beste ist und was die Policy dort tut.</translation>
        </message>
        <message>
            <source>Algorithm</source>
            <translation>Verfahren</translation>
        </message>
        <message>
            <source>How the policy is learned</source>
            <translation>Wie die Policy gelernt wird</translation>
        </message>
        <message>
            <source>Trains a policy for this problem from the beginning, beside everything else</source>
            <translation>Trainiert eine Policy für dieses Problem von Anfang an, neben allem anderen</translation>
        </message>
        <message>
            <source>Goes on from the policy that is shown, for this problem: far fewer updates do</source>
            <translation>Macht mit der gezeigten Policy weiter, für dieses Problem: viel weniger Updates genügen</translation>
        </message>
        <message>
            <source>A policy, or a cost table</source>
            <translation>Eine Policy oder eine Kostentabelle</translation>
        </message>
        <message>
            <source>Saves the policy that is shown</source>
            <translation>Speichert die gezeigte Policy</translation>
        </message>
        <message>
            <source>The experiment decides with this policy from the next request on</source>
            <translation>Das Experiment entscheidet ab der nächsten Anfrage mit dieser Policy</translation>
        </message>
        <message>
            <source>All charts of this page as PNG, SVG, PDF or CSV (Ctrl+E); a right click exports one</source>
            <translation>Alle Diagramme dieser Seite als PNG, SVG, PDF oder CSV (Strg+E); ein Rechtsklick exportiert eines</translation>
        </message>
        <message>
            <source>Policy</source>
            <translation>Policy</translation>
        </message>
        <message>
            <source>reading the cost table …</source>
            <translation>liest die Kostentabelle …</translation>
        </message>
        <message>
            <source>The sliders allow no decision: %1</source>
            <translation>Die Regler erlauben keine Entscheidung: %1</translation>
        </message>
        <message>
            <source>beginning to train …</source>
            <translation>beginnt zu trainieren …</translation>
        </message>
        <message>
            <source>%L1 of %L2 updates</source>
            <translation>%L1 von %L2 Updates</translation>
        </message>
        <message>
            <source>, %1 s left</source>
            <translation>, noch %1 s</translation>
        </message>
        <message>
            <source>trained in %1 s: %2 % below the optimum. Not saved yet.</source>
            <translation>in %1 s trainiert: %2 % unter dem Optimum. Noch nicht gespeichert.</translation>
        </message>
        <message>
            <source>cancelled; the policy shown before is still there</source>
            <translation>abgebrochen; die Policy von vorher ist noch da</translation>
        </message>
        <message>
            <source>reading %1 …</source>
            <translation>liest %1 …</translation>
        </message>
        <message>
            <source>%1: %2 for %3, batch %4</source>
            <translation>%1: %2 für %3, Batch %4</translation>
        </message>
        <message>
            <source>saved as %1</source>
            <translation>gespeichert als %1</translation>
        </message>
        <message>
            <source>Open policy or cost table</source>
            <translation>Policy oder Kostentabelle öffnen</translation>
        </message>
        <message>
            <source>Policies and cost tables (*.policy *.json *.json.zst)</source>
            <translation>Policys und Kostentabellen (*.policy *.json *.json.zst)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Save policy</source>
            <translation>Policy speichern</translation>
        </message>
        <message>
            <source>Policies (*.policy)</source>
            <translation>Policys (*.policy)</translation>
        </message>
        <message>
            <source>Export figure</source>
            <translation>Diagramm exportieren</translation>
        </message>
        <message>
            <source>Export all charts: their names are used</source>
            <translation>Alle Diagramme exportieren: ihre Namen werden verwendet</translation>
        </message>
        <message>
            <source>Export chart</source>
            <translation>Diagramm exportieren</translation>
        </message>
        <message>
            <source>Export this figure…</source>
            <translation>Dieses Diagramm exportieren …</translation>
        </message>
        <message>
            <source>Export this chart…</source>
            <translation>Dieses Diagramm exportieren …</translation>
        </message>
        <message>
            <source>Export all charts…</source>
            <translation>Alle Diagramme exportieren …</translation>
        </message>
        <message>
            <source> · %1 % below the optimum</source>
            <translation> · %1 % unter dem Optimum</translation>
        </message>
        <message>
            <source>Decisions over bandwidth</source>
            <translation>Entscheidungen über der Bandbreite</translation>
        </message>
        <message>
            <source>With a cost table, this tells what each decision is worth at the bandwidth under the pointer.</source>
            <translation>Mit einer Kostentabelle sagt dies, was jede Entscheidung bei der Bandbreite unter dem Zeiger wert ist.</translation>
        </message>
        <message>
            <source>the policy %1</source>
            <translation>die Policy %1</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PairingPanel</name>
        <message>
            <source>Device's address</source>
            <translation>Adresse des Geräts</translation>
        </message>
        <message>
            <source>raspberrypi.local</source>
            <translation>raspberrypi.local</translation>
        </message>
        <message>
            <source>Host name or address; with a port where the daemon has another one than the usual: tcp://HOST:PORT</source>
            <translation>Rechnername oder Adresse; mit Port, wo der Daemon einen anderen als den üblichen hat: tcp://HOST:PORT</translation>
        </message>
        <message>
            <source>Name of the device here</source>
            <translation>Name des Geräts hier</translation>
        </message>
        <message>
            <source>as it calls itself</source>
            <translation>wie es sich nennt</translation>
        </message>
        <message>
            <source>How it is to be called in the list</source>
            <translation>Wie es in der Liste heißen soll</translation>
        </message>
        <message>
            <source>Pair</source>
            <translation>Koppeln</translation>
        </message>
        <message>
            <source>Asks the device, and goes on asking until it pairs or the time is over</source>
            <translation>Fragt das Gerät, und fragt weiter, bis es koppelt oder die Zeit um ist</translation>
        </message>
        <message>
            <source>They are the same</source>
            <translation>Sie sind gleich</translation>
        </message>
        <message>
            <source>The device shows these six digits: it is the one, and nobody stands between</source>
            <translation>Das Gerät zeigt diese sechs Ziffern: es ist das richtige, und niemand steht dazwischen</translation>
        </message>
        <message>
            <source>They differ</source>
            <translation>Sie sind verschieden</translation>
        </message>
        <message>
            <source>Ends pairing on both sides; nothing is changed</source>
            <translation>Beendet das Koppeln auf beiden Seiten; nichts wird geändert</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Hides this and ends a pairing under way</source>
            <translation>Blendet dies aus und beendet ein laufendes Koppeln</translation>
        </message>
        <message>
            <source>What to do on the device</source>
            <translation>Was auf dem Gerät zu tun ist</translation>
        </message>
        <message>
            <source>State of pairing</source>
            <translation>Stand des Koppelns</translation>
        </message>
        <message>
            <source>Device's &amp;address</source>
            <translation>&amp;Adresse des Geräts</translation>
        </message>
        <message>
            <source>&amp;Name here</source>
            <translation>&amp;Name hier</translation>
        </message>
        <message>
            <source>Time left</source>
            <translation>Verbleibende Zeit</translation>
        </message>
        <message>
            <source>Until pairing ends by itself; the device closes its own window two minutes after it was opened</source>
            <translation>Bis das Koppeln von selbst endet; das Gerät schließt sein Fenster zwei Minuten, nachdem es geöffnet wurde</translation>
        </message>
        <message>
            <source>On the device: splitscoped --pair --bind 0.0.0.0. For two minutes it waits for an edge; then both sides show six digits, and whoever sees both says on each side whether they are the same.</source>
            <translation>Auf dem Gerät: splitscoped --pair --bind 0.0.0.0. Zwei Minuten lang wartet es auf eine Edge; dann zeigen beide Seiten sechs Ziffern, und wer beide sieht, sagt auf jeder Seite, ob sie gleich sind.</translation>
        </message>
        <message>
            <source>The device must show the same</source>
            <translation>Das Gerät muss dieselben zeigen</translation>
        </message>
        <message>
            <source>✗ '%1' is no address: give the device's host name, as raspberrypi.local, or tcp://HOST:PORT.</source>
            <translation>✗ „%1“ ist keine Adresse: anzugeben ist der Rechnername des Geräts, etwa raspberrypi.local, oder tcp://HOST:PORT.</translation>
        </message>
        <message>
            <source>%1 is known already, as %2. Pair anew where its key has changed: the new one takes its place.</source>
            <translation>%1 ist schon bekannt, als %2. „Neu koppeln“, wo sich sein Schlüssel geändert hat: der neue tritt an seine Stelle.</translation>
        </message>
        <message>
            <source>asks %1 …</source>
            <translation>fragt %1 …</translation>
        </message>
        <message>
            <source>You said that they are the same. Waits for the device's side to say so, too …</source>
            <translation>Hier sind sie als gleich bestätigt. Wartet darauf, dass es auch auf der Seite des Geräts geschieht …</translation>
        </message>
        <message>
            <source>ends pairing …</source>
            <translation>beendet das Koppeln …</translation>
        </message>
        <message>
            <source>%1, port %2</source>
            <translation>%1, Port %2</translation>
        </message>
        <message>
            <source>No daemon pairs at %1 yet: run splitscoped --pair there. It is asked until the time is over.</source>
            <translation>Bei %1 koppelt noch kein Daemon: dort splitscoped --pair starten. Es wird gefragt, bis die Zeit um ist.</translation>
        </message>
        <message>
            <source>Somebody listens at %1 and does not answer: another edge may be pairing with it. It is asked until the time is over.</source>
            <translation>Bei %1 lauscht jemand und antwortet nicht: vielleicht koppelt eine andere Edge mit ihm. Es wird gefragt, bis die Zeit um ist.</translation>
        </message>
        <message>
            <source>Digits to compare: %1</source>
            <translation>Zu vergleichende Ziffern: %1</translation>
        </message>
        <message>
            <source>%1 is there. Does it show the same six digits?</source>
            <translation>%1 ist da. Zeigt es dieselben sechs Ziffern?</translation>
        </message>
        <message>
            <source>✓ Paired: %1 is in the list, and lets this edge in. It connects as soon as splitscoped serves there.</source>
            <translation>✓ Gekoppelt: %1 steht in der Liste und lässt diese Edge ein. Es verbindet sich, sobald splitscoped dort läuft.</translation>
        </message>
        <message>
            <source>Cancelled: nothing was changed.</source>
            <translation>Abgebrochen: nichts wurde geändert.</translation>
        </message>
        <message>
            <source>✗ Ended: what the device revealed is not what it had settled before, so somebody stands between. Nothing was changed.</source>
            <translation>✗ Beendet: was das Gerät offenlegte, ist nicht, worauf es sich vorher festgelegt hatte; es steht also jemand dazwischen. Nichts wurde geändert.</translation>
        </message>
        <message>
            <source>✗ You said that the digits differ: nothing was changed. Somebody may stand between this edge and the device; try again in a network that you trust.</source>
            <translation>✗ Die Ziffern sind verschieden: nichts wurde geändert. Vielleicht steht jemand zwischen dieser Edge und dem Gerät; in einem vertrauten Netz erneut versuchen.</translation>
        </message>
        <message>
            <source>✗ The device's side did not confirm, or ended: nothing was changed. Begin again on both sides.</source>
            <translation>✗ Die Seite des Geräts hat nicht bestätigt oder wurde beendet: nichts wurde geändert. Auf beiden Seiten neu beginnen.</translation>
        </message>
        <message>
            <source>✗ The device's side did not say in time that the digits are the same: nothing was changed.</source>
            <translation>✗ Die Seite des Geräts hat nicht rechtzeitig gesagt, dass die Ziffern gleich sind: nichts wurde geändert.</translation>
        </message>
        <message>
            <source>✗ No daemon paired at %1. Run splitscoped --pair there, with --bind 0.0.0.0 where it is another machine, and begin again.</source>
            <translation>✗ Bei %1 hat kein Daemon gekoppelt. Dort splitscoped --pair starten, auf einem anderen Rechner mit --bind 0.0.0.0, und neu beginnen.</translation>
        </message>
        <message>
            <source>✗ The time is over and nothing was changed: begin again on both sides.</source>
            <translation>✗ Die Zeit ist um, und nichts wurde geändert: auf beiden Seiten neu beginnen.</translation>
        </message>
        <message>
            <source>Pair anew</source>
            <translation>Neu koppeln</translation>
        </message>
        <message>
            <source>%1:%2 left</source>
            <translation>noch %1:%2</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PanelChart</name>
        <message>
            <source>Drag: zoom to a rectangle, or to a stretch of one axis. Wheel: zoom around the pointer; with Ctrl, up and down. Drag with Shift or the middle button: pan. Double click: all of it. Keys: Plus, Minus zoom; arrows, Page Up, Page Down, Home, End pan; 0: all of it; Shift with an arrow: the crosshair; Esc: without it.</source>
            <translation>Ziehen: auf ein Rechteck oder eine Strecke einer Achse zoomen. Rad: um den Zeiger zoomen; mit Strg auf und ab. Ziehen mit Umschalt oder der mittleren Taste: verschieben. Doppelklick: alles. Tasten: Plus, Minus zoomen; Pfeile, Bild auf, Bild ab, Pos1, Ende verschieben; 0: alles; Umschalt mit einer Pfeiltaste: das Fadenkreuz; Esc: ohne es.</translation>
        </message>
        <message>
            <source>Show all</source>
            <translation>Alles zeigen</translation>
        </message>
        <message>
            <source>Show all of the chart</source>
            <translation>Das ganze Diagramm zeigen</translation>
        </message>
        <message>
            <source>All of the chart (0, or a double click)</source>
            <translation>Das ganze Diagramm (0 oder ein Doppelklick)</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PlotView</name>
        <message>
            <source>%1 over %2</source>
            <translation>%1 über %2</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PolicyFigures</name>
        <message>
            <source>Fig. 6(a)  Latency</source>
            <translation>Abb. 6(a)  Latenz</translation>
        </message>
        <message>
            <source>Fig. 6(b)  Accuracy</source>
            <translation>Abb. 6(b)  Genauigkeit</translation>
        </message>
        <message>
            <source>Fig. 6(c)  Choices</source>
            <translation>Abb. 6(c)  Wahl</translation>
        </message>
        <message>
            <source>Train for figures</source>
            <translation>Für die Abbildungen trainieren</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Views</source>
            <translation>Ansichten</translation>
        </message>
        <message>
            <source>Trains SAC-d and DQN for this problem under the sliders of now, and draws all three figures</source>
            <translation>Trainiert SAC-d und DQN für dieses Problem unter den jetzigen Reglern und zeichnet alle drei Abbildungen</translation>
        </message>
        <message>
            <source>Policies that are trained at batch 1, 8 and 64 fill this, in about a minute: SAC-d and DQN beside the optimum, over bandwidth.</source>
            <translation>Policys, die bei Batch 1, 8 und 64 trainiert werden, füllen dies in etwa einer Minute: SAC-d und DQN neben dem Optimum, über der Bandbreite.</translation>
        </message>
        <message>
            <source>beginning to train …</source>
            <translation>beginnt zu trainieren …</translation>
        </message>
        <message>
            <source>, %1 s left</source>
            <translation>, noch %1 s</translation>
        </message>
        <message>
            <source>cancelled; what was shown before is still there</source>
            <translation>abgebrochen; was vorher zu sehen war, ist noch da</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PolicyInspector</name>
        <message>
            <source>Actions at this bandwidth</source>
            <translation>Aktionen bei dieser Bandbreite</translation>
        </message>
        <message>
            <source>Choose a cost table.</source>
            <translation>Eine Kostentabelle wählen.</translation>
        </message>
        <message>
            <source>At %1</source>
            <translation>Bei %1</translation>
        </message>
        <message>
            <source>Optimum: %1, reward %2.</source>
            <translation>Optimum: %1, Belohnung %2.</translation>
        </message>
        <message>
            <source>The policy takes the optimum: %1, reward %2.</source>
            <translation>Die Policy nimmt das Optimum: %1, Belohnung %2.</translation>
        </message>
        <message>
            <source>The policy takes %1, reward %2: %3 below the optimum.</source>
            <translation>Die Policy nimmt %1, Belohnung %2: %3 unter dem Optimum.</translation>
        </message>
        <message>
            <source> Beyond what it was trained on: the table decides.</source>
            <translation> Jenseits dessen, worauf sie trainiert ist: die Tabelle entscheidet.</translation>
        </message>
        <message>
            <source>Policy inspector</source>
            <translation>Policy im Einzelnen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::PredictionStrip</name>
        <message>
            <source>capture</source>
            <translation>Aufnahme</translation>
        </message>
        <message>
            <source>device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>coding</source>
            <translation>Codierung</translation>
        </message>
        <message>
            <source>link</source>
            <translation>Link</translation>
        </message>
        <message>
            <source>decoding</source>
            <translation>Decodierung</translation>
        </message>
        <message>
            <source>edge</source>
            <translation>Edge</translation>
        </message>
        <message>
            <source>all</source>
            <translation>alles</translation>
        </message>
        <message>
            <source>%1 %2 ×</source>
            <translation>%1 %2 ×</translation>
        </message>
        <message>
            <source>What the last requests took, in medians, beside what the cost table foretold before they came:</source>
            <translation>Was die letzten Anfragen im Median brauchten, neben dem, was die Kostentabelle vorher vorhersagte:</translation>
        </message>
        <message numerus="yes">
            <source>%1: %2 ms, foretold %3 ms, over %n requests</source>
            <translation>
                <numerusform>%1: %2 ms, vorhergesagt %3 ms, über %n Anfrage</numerusform>
                <numerusform>%1: %2 ms, vorhergesagt %3 ms, über %n Anfragen</numerusform>
            </translation>
        </message>
        <message>
            <source> — off</source>
            <translation> – daneben</translation>
        </message>
        <message>
            <source>Correct</source>
            <translation>Korrigieren</translation>
        </message>
        <message>
            <source>Strategies see the cost table's times corrected by what requests of late took.
The table itself stays as it is.</source>
            <translation>Strategien sehen die Zeiten der Kostentabelle, korrigiert um das, was Anfragen zuletzt brauchten.
Die Tabelle selbst bleibt, wie sie ist.</translation>
        </message>
        <message>
            <source>Correct the cost table</source>
            <translation>Die Kostentabelle korrigieren</translation>
        </message>
        <message>
            <source>Measure anew</source>
            <translation>Neu messen</translation>
        </message>
        <message>
            <source>Runs every decision once this run has ended, unshaped, and makes a new cost table of it,
which the scenario then names. The old one is kept.</source>
            <translation>Führt nach diesem Lauf jede Entscheidung ungebremst aus und macht daraus eine neue Kostentabelle,
die das Szenario dann nennt. Die alte bleibt erhalten.</translation>
        </message>
        <message>
            <source>Measure a new cost table</source>
            <translation>Eine neue Kostentabelle messen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Cancel measuring the cost table</source>
            <translation>Das Messen der Kostentabelle abbrechen</translation>
        </message>
        <message>
            <source>Progress of measuring the cost table</source>
            <translation>Fortschritt beim Messen der Kostentabelle</translation>
        </message>
        <message>
            <source>Measured over foretold: %1</source>
            <translation>Gemessen durch vorhergesagt: %1</translation>
        </message>
        <message>
            <source> · corrected: device %1 ×, edge %2 ×</source>
            <translation> · korrigiert: Gerät %1 ×, Edge %2 ×</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ProblemControls</name>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>Whose decisions are learned</source>
            <translation>Wessen Entscheidungen gelernt werden</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <source>What the cost table's accuracies are of</source>
            <translation>Wovon die Genauigkeiten der Kostentabelle sind</translation>
        </message>
        <message>
            <source>Cost table</source>
            <translation>Kostentabelle</translation>
        </message>
        <message>
            <source>What decisions cost: the shipped table, or one that splitscope-cli table build made</source>
            <translation>Was Entscheidungen kosten: die mitgelieferte Tabelle oder eine, die splitscope-cli table build gemacht hat</translation>
        </message>
        <message>
            <source>Environment</source>
            <translation>Umgebung</translation>
        </message>
        <message>
            <source>What decisions change.
paper: nothing; bandwidth alone moves.
queue: requests arrive in bursts and wait.
switch: another exit or cut costs time and reward.</source>
            <translation>Was Entscheidungen ändern.
paper: nichts; allein die Bandbreite bewegt sich.
queue: Anfragen kommen in Schüben und warten.
switch: ein anderer Ausgang oder Schnitt kostet Zeit und Belohnung.</translation>
        </message>
        <message>
            <source>Bandwidth</source>
            <translation>Bandbreite</translation>
        </message>
        <message>
            <source>How the uplink varies while the policy learns</source>
            <translation>Wie der Uplink schwankt, während die Policy lernt</translation>
        </message>
        <message>
            <source>shipped</source>
            <translation>mitgeliefert</translation>
        </message>
        <message>
            <source>file…</source>
            <translation>Datei …</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Frames in one request</source>
            <translation>Bilder in einer Anfrage</translation>
        </message>
        <message>
            <source>Slowdown</source>
            <translation>Verlangsamung</translation>
        </message>
        <message>
            <source>The device takes this many times as long as the table's</source>
            <translation>Das Gerät braucht so viel Mal so lange wie das der Tabelle</translation>
        </message>
        <message>
            <source>Table</source>
            <translation>Tabelle</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>all rates</source>
            <translation>alle Raten</translation>
        </message>
        <message>
            <source>trace file…</source>
            <translation>Trace-Datei …</translation>
        </message>
        <message>
            <source>Open cost table</source>
            <translation>Kostentabelle öffnen</translation>
        </message>
        <message>
            <source>Cost tables (*.json *.json.zst)</source>
            <translation>Kostentabellen (*.json *.json.zst)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>A bandwidth trace</source>
            <translation>Ein Bandbreiten-Trace</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ProfilePage</name>
        <message>
            <source>Fig. 3  Layer latency</source>
            <translation>Abb. 3  Latenz der Schichten</translation>
        </message>
        <message>
            <source>Measure fills this: the time of every layer on this machine.</source>
            <translation>„Messen“ füllt dies: die Zeit jeder Schicht auf diesem Rechner.</translation>
        </message>
        <message>
            <source>Fig. 5(a)  Data size</source>
            <translation>Abb. 5(a)  Datengröße</translation>
        </message>
        <message>
            <source>An accuracy table of the network fills this; Open… takes one.</source>
            <translation>Eine Genauigkeitstabelle des Netzes füllt dies; „Öffnen …“ nimmt eine.</translation>
        </message>
        <message>
            <source>Fig. 5(b)  Accuracy loss</source>
            <translation>Abb. 5(b)  Genauigkeitsverlust</translation>
        </message>
        <message>
            <source>Size and accuracy</source>
            <translation>Größe und Genauigkeit</translation>
        </message>
        <message>
            <source>Regions</source>
            <translation>Gebiete</translation>
        </message>
        <message>
            <source>Measure fills this: which kind of decision is the fastest at which rate and slowdown.</source>
            <translation>„Messen“ füllt dies: welche Art von Entscheidung bei welcher Rate und Verlangsamung am schnellsten ist.</translation>
        </message>
        <message>
            <source>Edgent</source>
            <translation>Edgent</translation>
        </message>
        <message>
            <source>A cost table of the network fills this: what Edgent selects, and what that takes; Open… takes one.</source>
            <translation>Eine Kostentabelle des Netzes füllt dies: was Edgent wählt und was das kostet; „Öffnen …“ nimmt eine.</translation>
        </message>
        <message>
            <source>Network</source>
            <translation>Netz</translation>
        </message>
        <message>
            <source>Whose figures are shown, and what Measure measures</source>
            <translation>Wessen Diagramme gezeigt werden und was „Messen“ misst</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <source>What the accuracy table is of, and whose images are timed</source>
            <translation>Wovon die Genauigkeitstabelle ist und wessen Bilder gemessen werden</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>The device beside this machine, the edge</source>
            <translation>Das Gerät neben diesem Rechner, der Edge</translation>
        </message>
        <message>
            <source>Measure</source>
            <translation>Messen</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Open…</source>
            <translation>Öffnen …</translation>
        </message>
        <message>
            <source>Save…</source>
            <translation>Speichern …</translation>
        </message>
        <message>
            <source>Export…</source>
            <translation>Exportieren …</translation>
        </message>
        <message>
            <source>device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>edge</source>
            <translation>Edge</translation>
        </message>
        <message>
            <source>log scale</source>
            <translation>logarithmisch</translation>
        </message>
        <message>
            <source>usual data</source>
            <translation>übliche Daten</translation>
        </message>
        <message>
            <source>%1, emulated</source>
            <translation>%1, emuliert</translation>
        </message>
        <message>
            <source>like this machine</source>
            <translation>wie dieser Rechner</translation>
        </message>
        <message>
            <source> s</source>
            <translation> s</translation>
        </message>
        <message>
            <source>Time to measure</source>
            <translation>Zeit zum Messen</translation>
        </message>
        <message>
            <source>The longest that measuring may take; longer is more exact</source>
            <translation>So lange darf das Messen höchstens dauern; länger ist genauer</translation>
        </message>
        <message>
            <source>Times every layer, segment and coding of the network on this machine</source>
            <translation>Misst jede Schicht, jeden Abschnitt und jede Codierung des Netzes auf diesem Rechner</translation>
        </message>
        <message>
            <source>A profile, a cost table, an accuracy table, or the curves.csv of a training</source>
            <translation>Ein Profil, eine Kostentabelle, eine Genauigkeitstabelle oder die curves.csv eines Trainings</translation>
        </message>
        <message>
            <source>Saves the measured profile</source>
            <translation>Speichert das gemessene Profil</translation>
        </message>
        <message>
            <source>The figure in sight as SVG, PDF, PNG or CSV (Ctrl+E)</source>
            <translation>Das sichtbare Diagramm als SVG, PDF, PNG oder CSV (Strg+E)</translation>
        </message>
        <message>
            <source>Figures</source>
            <translation>Diagramme</translation>
        </message>
        <message>
            <source>Training</source>
            <translation>Training</translation>
        </message>
        <message>
            <source>Export this figure…</source>
            <translation>Dieses Diagramm exportieren …</translation>
        </message>
        <message>
            <source>beginning to measure …</source>
            <translation>beginnt zu messen …</translation>
        </message>
        <message>
            <source>reading …</source>
            <translation>liest …</translation>
        </message>
        <message>
            <source>, %1 s left</source>
            <translation>, noch %1 s</translation>
        </message>
        <message>
            <source> · an experiment runs beside it: times will be too long</source>
            <translation> · daneben läuft ein Experiment: Zeiten werden zu lang</translation>
        </message>
        <message>
            <source>stopped; what was shown before is still there</source>
            <translation>beendet; was vorher zu sehen war, ist noch da</translation>
        </message>
        <message>
            <source>Open profile, table or curves</source>
            <translation>Profil, Tabelle oder Kurven öffnen</translation>
        </message>
        <message>
            <source>Profiles, tables, curves (*.json *.table *.csv)</source>
            <translation>Profile, Tabellen, Kurven (*.json *.table *.csv)</translation>
        </message>
        <message>
            <source>All files (*)</source>
            <translation>Alle Dateien (*)</translation>
        </message>
        <message>
            <source>Save profile</source>
            <translation>Profil speichern</translation>
        </message>
        <message>
            <source>Profiles (*.json)</source>
            <translation>Profile (*.json)</translation>
        </message>
        <message>
            <source>Export figure</source>
            <translation>Diagramm exportieren</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::QueueModel</name>
        <message>
            <source>, interrupted: it goes on where it stood</source>
            <translation>, unterbrochen: er geht weiter, wo er stand</translation>
        </message>
        <message>
            <source>it runs; cancel it first</source>
            <translation>es läuft; erst abbrechen</translation>
        </message>
        <message>
            <source>seed %1: %2</source>
            <translation>Seed %1: %2</translation>
        </message>
        <message>
            <source>, %1 frames</source>
            <translation>, %1 Bilder</translation>
        </message>
        <message>
            <source> in %1</source>
            <translation> in %1</translation>
        </message>
        <message>
            <source>seed %1, %2 %</source>
            <translation>Seed %1, %2 %</translation>
        </message>
        <message>
            <source>running, %1 %</source>
            <translation>läuft, %1 %</translation>
        </message>
        <message>
            <source>untitled</source>
            <translation>unbenannt</translation>
        </message>
        <message>
            <source>Scenario</source>
            <translation>Szenario</translation>
        </message>
        <message>
            <source>Seeds</source>
            <translation>Seeds</translation>
        </message>
        <message>
            <source>Runs</source>
            <translation>Läuft</translation>
        </message>
        <message>
            <source>Frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>Left</source>
            <translation>Noch</translation>
        </message>
        <message>
            <source>How often it runs, each time with the next seed; double click to change</source>
            <translation>Wie oft es läuft, jedes Mal mit dem nächsten Seed; Doppelklick zum Ändern</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::QueuePanel</name>
        <message>
            <source>Add scenario</source>
            <translation>Szenario einreihen</translation>
        </message>
        <message>
            <source>Add files…</source>
            <translation>Dateien einreihen …</translation>
        </message>
        <message>
            <source>Scenario files, behind the others in the queue</source>
            <translation>Szenariodateien, hinter die anderen in der Warteschlange</translation>
        </message>
        <message>
            <source>Start queue</source>
            <translation>Warteschlange starten</translation>
        </message>
        <message>
            <source>Cancel run</source>
            <translation>Lauf abbrechen</translation>
        </message>
        <message>
            <source>Ends this run, and goes on with the next one; its records are kept</source>
            <translation>Beendet diesen Lauf und macht mit dem nächsten weiter; seine Aufzeichnungen bleiben</translation>
        </message>
        <message>
            <source>Skip scenario</source>
            <translation>Szenario überspringen</translation>
        </message>
        <message>
            <source>Ends this run and leaves out this scenario's other seeds</source>
            <translation>Beendet diesen Lauf und lässt die anderen Seeds dieses Szenarios aus</translation>
        </message>
        <message>
            <source>Cancel all</source>
            <translation>Alle abbrechen</translation>
        </message>
        <message>
            <source>Ends this run, and begins none of those that wait</source>
            <translation>Beendet diesen Lauf und beginnt keinen der wartenden</translation>
        </message>
        <message>
            <source>Earlier</source>
            <translation>Früher</translation>
        </message>
        <message>
            <source>Earlier (Alt+Up)</source>
            <translation>Früher (Alt+Hoch)</translation>
        </message>
        <message>
            <source>Later</source>
            <translation>Später</translation>
        </message>
        <message>
            <source>Later (Alt+Down)</source>
            <translation>Später (Alt+Runter)</translation>
        </message>
        <message>
            <source>Remove</source>
            <translation>Entfernen</translation>
        </message>
        <message>
            <source>Out of the queue (Delete)</source>
            <translation>Aus der Warteschlange (Entf)</translation>
        </message>
        <message>
            <source>Again</source>
            <translation>Nochmals</translation>
        </message>
        <message>
            <source>Lets runs that failed or were cancelled wait again; else all of them</source>
            <translation>Lässt gescheiterte oder abgebrochene Läufe wieder warten; sonst alle</translation>
        </message>
        <message>
            <source>Compare</source>
            <translation>Vergleichen</translation>
        </message>
        <message>
            <source>Shows the runs of this scenario on the Compare page</source>
            <translation>Zeigt die Läufe dieses Szenarios auf der Seite Vergleich</translation>
        </message>
        <message>
            <source>Clear ended</source>
            <translation>Beendete entfernen</translation>
        </message>
        <message>
            <source>Takes scenarios that have nothing left to do out of the queue</source>
            <translation>Nimmt Szenarien, die nichts mehr zu tun haben, aus der Warteschlange</translation>
        </message>
        <message>
            <source>runs each: </source>
            <translation>Läufe je Szenario: </translation>
        </message>
        <message>
            <source>Runs each</source>
            <translation>Läufe je Szenario</translation>
        </message>
        <message>
            <source>How often scenarios that are added run: with their seed, the next one, and so on</source>
            <translation>Wie oft hinzugefügte Szenarien laufen: mit ihrem Seed, dem nächsten und so weiter</translation>
        </message>
        <message>
            <source>Progress of the queue</source>
            <translation>Fortschritt der Warteschlange</translation>
        </message>
        <message>
            <source>Queue</source>
            <translation>Warteschlange</translation>
        </message>
        <message>
            <source>No experiment is queued. Add the scenario of the form, or scenario files; each can run with several seeds.</source>
            <translation>Kein Experiment ist eingereiht. Das Szenario des Formulars oder Szenariodateien einreihen; jedes kann mit mehreren Seeds laufen.</translation>
        </message>
        <message>
            <source>Add scenarios</source>
            <translation>Szenarien einreihen</translation>
        </message>
        <message>
            <source>Scenarios (*.json)</source>
            <translation>Szenarien (*.json)</translation>
        </message>
        <message>
            <source>The scenario of the form, as it is now, behind the others in the queue</source>
            <translation>Das Szenario des Formulars, wie es jetzt ist, hinter die anderen in der Warteschlange</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Pauses the device and begins nothing else, or goes on</source>
            <translation>Hält das Gerät an und beginnt nichts anderes, oder macht weiter</translation>
        </message>
        <message>
            <source>Runs what waits, one after the other</source>
            <translation>Führt aus, was wartet, eins nach dem anderen</translation>
        </message>
        <message>
            <source>Nothing waits: add a scenario, or let one run again</source>
            <translation>Nichts wartet: ein Szenario einreihen oder eines nochmals laufen lassen</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message>
            <source>This run: %1 %</source>
            <translation>Dieser Lauf: %1 %</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>Waits for the experiment that runs now</source>
            <translation>Wartet auf das Experiment, das jetzt läuft</translation>
        </message>
        <message>
            <source>all: %1 of %2 runs ended, %3 %</source>
            <translation>alle: %1 von %2 Läufen beendet, %3 %</translation>
        </message>
        <message>
            <source>%1 failed</source>
            <translation>%1 gescheitert</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::QueueRunner</name>
        <message>
            <source>it could not be started; the Log says why</source>
            <translation>es konnte nicht gestartet werden; das Protokoll sagt, warum</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::RemotePanel</name>
        <message>
            <source>Account and host</source>
            <translation>Konto und Rechner</translation>
        </message>
        <message>
            <source>pi@raspberrypi.local</source>
            <translation>pi@raspberrypi.local</translation>
        </message>
        <message>
            <source>As for ssh; a name of its configuration as well. No password is asked for</source>
            <translation>Wie für ssh; auch ein Name aus dessen Konfiguration. Nach keinem Passwort wird gefragt</translation>
        </message>
        <message>
            <source>Options of ssh</source>
            <translation>Optionen von ssh</translation>
        </message>
        <message>
            <source>-p 2222 -i ~/.ssh/board</source>
            <translation>-p 2222 -i ~/.ssh/board</translation>
        </message>
        <message>
            <source>In front of the host; quotes keep words together</source>
            <translation>Vor dem Rechner; Anführungszeichen halten Wörter zusammen</translation>
        </message>
        <message>
            <source>Install and add</source>
            <translation>Installieren und hinzufügen</translation>
        </message>
        <message>
            <source>Checks the device, copies the daemon, exchanges keys, starts it and connects</source>
            <translation>Prüft das Gerät, kopiert den Daemon, tauscht Schlüssel aus, startet ihn und verbindet</translation>
        </message>
        <message>
            <source>Start</source>
            <translation>Start</translation>
        </message>
        <message>
            <source>Starts the selected device's daemon, where it does not run</source>
            <translation>Startet den Daemon des ausgewählten Geräts, wo er nicht läuft</translation>
        </message>
        <message>
            <source>Stop</source>
            <translation>Stopp</translation>
        </message>
        <message>
            <source>Stops the selected device's daemon; it stays installed</source>
            <translation>Beendet den Daemon des ausgewählten Geräts; er bleibt installiert</translation>
        </message>
        <message>
            <source>Restart</source>
            <translation>Neu starten</translation>
        </message>
        <message>
            <source>Stops the selected device's daemon and starts it again</source>
            <translation>Beendet den Daemon des ausgewählten Geräts und startet ihn wieder</translation>
        </message>
        <message>
            <source>Upgrade</source>
            <translation>Erneuern</translation>
        </message>
        <message>
            <source>Installs this version's daemon; the earlier one comes back where it does not start</source>
            <translation>Installiert den Daemon dieser Version; der frühere kommt zurück, wo er nicht startet</translation>
        </message>
        <message>
            <source>Uninstall</source>
            <translation>Deinstallieren</translation>
        </message>
        <message>
            <source>Takes the daemon away from the selected device and forgets the device</source>
            <translation>Entfernt den Daemon vom ausgewählten Gerät und vergisst das Gerät</translation>
        </message>
        <message>
            <source>Follow log</source>
            <translation>Protokoll verfolgen</translation>
        </message>
        <message>
            <source>What the selected device's daemon writes, until Cancel</source>
            <translation>Was der Daemon des ausgewählten Geräts schreibt, bis „Abbrechen“</translation>
        </message>
        <message>
            <source>Cancel</source>
            <translation>Abbrechen</translation>
        </message>
        <message>
            <source>Ends what is being done</source>
            <translation>Beendet, was gerade geschieht</translation>
        </message>
        <message>
            <source>Close</source>
            <translation>Schließen</translation>
        </message>
        <message>
            <source>Hides this; nothing is ended</source>
            <translation>Verbirgt dies; nichts wird beendet</translation>
        </message>
        <message>
            <source>New &amp;device</source>
            <translation>Neues &amp;Gerät</translation>
        </message>
        <message>
            <source>ss&amp;h options</source>
            <translation>ss&amp;h-Optionen</translation>
        </message>
        <message>
            <source>Progress of the steps</source>
            <translation>Fortschritt der Schritte</translation>
        </message>
        <message>
            <source>Steps and log</source>
            <translation>Schritte und Protokoll</translation>
        </message>
        <message>
            <source>The daemon on %1:</source>
            <translation>Der Daemon auf %1:</translation>
        </message>
        <message>
            <source>The selected device's daemon was not started from here.</source>
            <translation>Der Daemon des ausgewählten Geräts wurde nicht von hier gestartet.</translation>
        </message>
        <message>
            <source>Adds %1</source>
            <translation>Fügt %1 hinzu</translation>
        </message>
        <message>
            <source>cancelled</source>
            <translation>abgebrochen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ResumeBar</name>
        <message>
            <source>Interrupted experiment</source>
            <translation>Unterbrochenes Experiment</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Fortsetzen</translation>
        </message>
        <message>
            <source>Go on with this run where it stood, with the settings that it had</source>
            <translation>Diesen Lauf fortsetzen, wo er stand, mit den Einstellungen, die er hatte</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Ausblenden</translation>
        </message>
        <message>
            <source>Leave it as it is; the Compare page has it, and can resume it</source>
            <translation>Ihn lassen, wie er ist; die Seite „Vergleichen“ hat ihn und kann ihn fortsetzen</translation>
        </message>
        <message>
            <source>%1 was interrupted at frame %2 of %3</source>
            <translation>%1 wurde bei Bild %2 von %3 unterbrochen</translation>
        </message>
        <message>
            <source>run %1 of %2, in %3</source>
            <translation>Lauf %1 vom %2, in %3</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ReplayBar</name>
        <message>
            <source>Play or pause the replay</source>
            <translation>Wiedergabe starten oder anhalten</translation>
        </message>
        <message>
            <source>Play or pause the replay (Space)</source>
            <translation>Wiedergabe starten oder anhalten (Leertaste)</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>Write this run as one HTML file: charts, tables, scenario, environment</source>
            <translation>Diesen Lauf als eine HTML-Datei schreiben: Diagramme, Tabellen, Szenario, Umgebung</translation>
        </message>
        <message>
            <source>End the replay</source>
            <translation>Wiedergabe beenden</translation>
        </message>
        <message>
            <source>End the replay (Ctrl+.)</source>
            <translation>Wiedergabe beenden (Strg+.)</translation>
        </message>
        <message>
            <source>Replay</source>
            <translation>Wiedergeben</translation>
        </message>
        <message>
            <source>Where in the run</source>
            <translation>Wo im Lauf</translation>
        </message>
        <message>
            <source>× max</source>
            <translation>× max</translation>
        </message>
        <message>
            <source>Speed of the replay</source>
            <translation>Tempo der Wiedergabe</translation>
        </message>
        <message>
            <source>How fast it is replayed: × 1 is as it was</source>
            <translation>Wie schnell wiedergegeben wird: × 1 ist, wie es war</translation>
        </message>
        <message>
            <source>Report…</source>
            <translation>Bericht …</translation>
        </message>
        <message>
            <source>Replay of %1, %2</source>
            <translation>Wiedergabe von %1, %2</translation>
        </message>
        <message>
            <source>run %1 in %2</source>
            <translation>Lauf %1 in %2</translation>
        </message>
        <message>
            <source>%1 of %2</source>
            <translation>%1 von %2</translation>
        </message>
        <message>
            <source>Report: %1 %</source>
            <translation>Bericht: %1 %</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::RewardControls</name>
        <message>
            <source>custom</source>
            <translation>eigene</translation>
        </message>
        <message>
            <source>As the sliders stand</source>
            <translation>Wie die Regler stehen</translation>
        </message>
        <message>
            <source>paper</source>
            <translation>Paper</translation>
        </message>
        <message>
            <source>s = 10 MB/s, n automatic, no limits</source>
            <translation>s = 10 MB/s, n automatisch, keine Grenzen</translation>
        </message>
        <message>
            <source>latency first</source>
            <translation>Latenz zuerst</translation>
        </message>
        <message>
            <source>Speed decides at nearly every bandwidth</source>
            <translation>Tempo entscheidet bei fast jeder Bandbreite</translation>
        </message>
        <message>
            <source>accuracy first</source>
            <translation>Genauigkeit zuerst</translation>
        </message>
        <message>
            <source>Accuracy decides from about 0.6 MB/s on</source>
            <translation>Genauigkeit entscheidet ab etwa 0.6 MB/s</translation>
        </message>
        <message>
            <source>energy saver</source>
            <translation>Energiesparer</translation>
        </message>
        <message>
            <source>The paper's weights, and a limit amid the energies that decisions take</source>
            <translation>Die Gewichte des Papers und eine Grenze mitten unter den Energien der Entscheidungen</translation>
        </message>
        <message>
            <source>Edgent, 100 ms</source>
            <translation>Edgent, 100 ms</translation>
        </message>
        <message>
            <source>Edgent's reward: as accurate and as fast as possible within 100 ms</source>
            <translation>Edgents Belohnung: innerhalb von 100 ms so genau und so schnell wie möglich</translation>
        </message>
        <message>
            <source>Reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>Sensitivity s</source>
            <translation>Empfindlichkeit s</translation>
        </message>
        <message>
            <source>Weight n</source>
            <translation>Gewicht n</translation>
        </message>
        <message>
            <source>Energy limit ê</source>
            <translation>Energiegrenze ê</translation>
        </message>
        <message>
            <source>Deadline</source>
            <translation>Frist</translation>
        </message>
        <message>
            <source>Accuracy at least</source>
            <translation>Genauigkeit mindestens</translation>
        </message>
        <message>
            <source>Layers on device, at least</source>
            <translation>Schichten auf dem Gerät, mindestens</translation>
        </message>
        <message>
            <source>at most</source>
            <translation>höchstens</translation>
        </message>
        <message>
            <source>Preset</source>
            <translation>Vorgabe</translation>
        </message>
        <message>
            <source>Kind</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>More limits</source>
            <translation>Weitere Grenzen</translation>
        </message>
        <message>
            <source>paper: a·q + b·u</source>
            <translation>Paper: a·q + b·u</translation>
        </message>
        <message>
            <source>Edgent: e^acc + frames/s</source>
            <translation>Edgent: e^Gen. + Bilder/s</translation>
        </message>
        <message>
            <source>Preset of the reward</source>
            <translation>Vorgabe der Belohnung</translation>
        </message>
        <message>
            <source>All of the reward's values at once</source>
            <translation>Alle Werte der Belohnung auf einmal</translation>
        </message>
        <message>
            <source>Kind of reward</source>
            <translation>Art der Belohnung</translation>
        </message>
        <message>
            <source>Paper: accuracy q and speed u, both from 0 to 1, weighed by a and b = 1 − a.
Edgent: e^accuracy + frames per second, 0 beyond the deadline.</source>
            <translation>Paper: Genauigkeit q und Tempo u, beide von 0 bis 1, gewichtet mit a und b = 1 − a.
Edgent: e^Genauigkeit + Bilder pro Sekunde, 0 jenseits der Frist.</translation>
        </message>
        <message>
            <source>s of a(B) = n·ln(1 + B/s): from about which bandwidth on accuracy counts. Smaller: accuracy matters already on slow links.</source>
            <translation>s von a(B) = n·ln(1 + B/s): ab etwa welcher Bandbreite Genauigkeit zählt. Kleiner: Genauigkeit zählt schon auf langsamen Links.</translation>
        </message>
        <message>
            <source>n of a(B) = n·ln(1 + B/s): how much accuracy counts at most. auto: as much as makes a = 1 at the highest bandwidth of the scenario.</source>
            <translation>n von a(B) = n·ln(1 + B/s): wie viel Genauigkeit höchstens zählt. auto: so viel, dass a = 1 bei der höchsten Bandbreite des Szenarios.</translation>
        </message>
        <message>
            <source>ê: decisions that take more of the device's energy per frame are worth nothing. Write 20 mJ, 0.5 J or none.</source>
            <translation>ê: Entscheidungen, die das Gerät je Bild mehr Energie kosten, sind nichts wert. Zu schreiben als 20 mJ, 0.5 J oder none.</translation>
        </message>
        <message>
            <source>Requests that take longer are worth nothing, and count as late. The line in the latency chart.</source>
            <translation>Anfragen, die länger dauern, sind nichts wert und gelten als verspätet. Die Linie im Latenzdiagramm.</translation>
        </message>
        <message>
            <source>Decisions whose expected accuracy is lower are not taken.</source>
            <translation>Entscheidungen mit geringerer erwarteter Genauigkeit werden nicht getroffen.</translation>
        </message>
        <message>
            <source>At least so many layers run on the device: what leaves it is further from the image.</source>
            <translation>Mindestens so viele Schichten laufen auf dem Gerät: was es verlässt, ist weiter vom Bild entfernt.</translation>
        </message>
        <message>
            <source>At most so many layers run on the device; all of them stays possible.</source>
            <translation>Höchstens so viele Schichten laufen auf dem Gerät; alle bleibt immer möglich.</translation>
        </message>
        <message>
            <source>Accuracy floor and pinned cuts</source>
            <translation>Mindestgenauigkeit und festgelegte Schnitte</translation>
        </message>
        <message>
            <source>The weight of accuracy a and of speed b over the uplink's bandwidth (eq. 13); a right click exports.</source>
            <translation>Das Gewicht der Genauigkeit a und des Tempos b über der Bandbreite des Uplinks (Gl. 13); ein Rechtsklick exportiert.</translation>
        </message>
        <message>
            <source>Preset %1</source>
            <translation>Vorgabe %1</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::RunTableModel</name>
        <message>
            <source>Started</source>
            <translation>Begonnen</translation>
        </message>
        <message>
            <source>When the run began; a check compares it below</source>
            <translation>Wann der Lauf begann; ein Häkchen vergleicht ihn unten</translation>
        </message>
        <message>
            <source>Strategy</source>
            <translation>Strategie</translation>
        </message>
        <message>
            <source>What decided</source>
            <translation>Was entschied</translation>
        </message>
        <message>
            <source>Scenario</source>
            <translation>Szenario</translation>
        </message>
        <message>
            <source>Its file's name, as it was opened or queued</source>
            <translation>Der Name seiner Datei, wie er geöffnet oder eingereiht wurde</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>The network</source>
            <translation>Das Netz</translation>
        </message>
        <message>
            <source>Bandwidth</source>
            <translation>Bandbreite</translation>
        </message>
        <message>
            <source>The uplink as the scenario set it</source>
            <translation>Der Uplink, wie ihn das Szenario stellte</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Seed</translation>
        </message>
        <message>
            <source>Runs of one seed in one setting are compared pair by pair</source>
            <translation>Läufe eines Seeds in einer Einstellung werden Paar für Paar verglichen</translation>
        </message>
        <message>
            <source>Frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>With an outcome: done, fallback or lost</source>
            <translation>Mit einem Ausgang: fertig, Rückfall oder verloren</translation>
        </message>
        <message>
            <source>p50 (ms)</source>
            <translation>p50 (ms)</translation>
        </message>
        <message>
            <source>Median latency T of a request, capture to label</source>
            <translation>Median der Latenz T einer Anfrage, von der Aufnahme bis zum Ergebnis</translation>
        </message>
        <message>
            <source>p95 (ms)</source>
            <translation>p95 (ms)</translation>
        </message>
        <message>
            <source>Latency that 95 % of the requests stay below</source>
            <translation>Latenz, unter der 95 % der Anfragen bleiben</translation>
        </message>
        <message>
            <source>Accuracy (%)</source>
            <translation>Genauigkeit (%)</translation>
        </message>
        <message>
            <source>Right labels among all that were given, with a 95 % interval</source>
            <translation>Richtige Ergebnisse unter allen gegebenen, mit 95-%-Intervall</translation>
        </message>
        <message>
            <source>Reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>Mean over the requests that a cost table priced</source>
            <translation>Mittel über die Anfragen, die eine Kostentabelle bewertet hat</translation>
        </message>
        <message>
            <source>Regret</source>
            <translation>Regret</translation>
        </message>
        <message>
            <source>Mean; what the optimum would have brought more</source>
            <translation>Mittel; was das Optimum mehr gebracht hätte</translation>
        </message>
        <message>
            <source>Energy (mJ)</source>
            <translation>Energie (mJ)</translation>
        </message>
        <message>
            <source>Modelled, of the device, a frame</source>
            <translation>Modelliert, des Geräts, je Bild</translation>
        </message>
        <message>
            <source>Sent (KB)</source>
            <translation>Gesendet (KB)</translation>
        </message>
        <message>
            <source>Bytes on the wire a frame; 1 KB is 1,000 bytes</source>
            <translation>Bytes auf der Leitung je Bild; 1 KB sind 1000 Bytes</translation>
        </message>
        <message>
            <source>Fallback (%)</source>
            <translation>Rückfall (%)</translation>
        </message>
        <message>
            <source>Frames that the device finished because the edge was silent</source>
            <translation>Bilder, die das Gerät zu Ende rechnete, weil die Edge stumm war</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <source>What the frames came from</source>
            <translation>Woher die Bilder kamen</translation>
        </message>
        <message>
            <source>Slowdown (×)</source>
            <translation>Verlangsamung (×)</translation>
        </message>
        <message>
            <source>How much slower the device was made</source>
            <translation>Wie viel langsamer das Gerät gemacht wurde</translation>
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>How far the run came</source>
            <translation>Wie weit der Lauf kam</translation>
        </message>
        <message>
            <source>Tags</source>
            <translation>Schlagwörter</translation>
        </message>
        <message>
            <source>Words to find runs by, separated by commas; double click to edit</source>
            <translation>Wörter, nach denen Läufe gefunden werden, durch Kommas getrennt; Doppelklick zum Bearbeiten</translation>
        </message>
        <message>
            <source>Notes</source>
            <translation>Notizen</translation>
        </message>
        <message>
            <source>Anything; double click to edit</source>
            <translation>Beliebiges; Doppelklick zum Bearbeiten</translation>
        </message>
        <message>
            <source>%1 % (95 %: %2 to %3)</source>
            <translation>%1 % (95 %: %2 bis %3)</translation>
        </message>
        <message>
            <source> · recorded by %1</source>
            <translation> · aufgezeichnet von %1</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ScenarioDocument</name>
        <message>
            <source>untitled</source>
            <translation>unbenannt</translation>
        </message>
        <message>
            <source>1 field is wrong: %1</source>
            <translation>1 Feld ist falsch: %1</translation>
        </message>
        <message>
            <source>%1 fields are wrong: %2</source>
            <translation>%1 Felder sind falsch: %2</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ScenarioForm</name>
        <message>
            <source>Scenario</source>
            <translation>Szenario</translation>
        </message>
        <message>
            <source>%1 in %2</source>
            <translation>%1 in %2</translation>
        </message>
        <message>
            <source>File…</source>
            <translation>Datei …</translation>
        </message>
        <message>
            <source>Choose %1</source>
            <translation>%1 wählen</translation>
        </message>
        <message>
            <source>Choose a file</source>
            <translation>Eine Datei wählen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::SliderField</name>
        <message>
            <source>Reset %1</source>
            <translation>%1 zurücksetzen</translation>
        </message>
        <message>
            <source>Back to %1</source>
            <translation>Zurück auf %1</translation>
        </message>
        <message>
            <source>Not understood: %1. Write it like %2.</source>
            <translation>Nicht verstanden: %1. Zu schreiben wie %2.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::StartControls</name>
        <message>
            <source>Next run</source>
            <translation>Nächster Lauf</translation>
        </message>
        <message>
            <source>loopback: a device emulated on this machine; or tcp://HOST:PORT of a device's daemon</source>
            <translation>loopback: ein auf diesem Rechner emuliertes Gerät; oder tcp://HOST:PORT vom Daemon eines Geräts</translation>
        </message>
        <message>
            <source>patterns (built in), cifar10, imagenette, or a folder or zip of images on the device</source>
            <translation>patterns (eingebaut), cifar10, imagenette oder ein Ordner oder Zip mit Bildern auf dem Gerät</translation>
        </message>
        <message>
            <source>Frames in one request</source>
            <translation>Bilder in einer Anfrage</translation>
        </message>
        <message>
            <source>Requests in flight; 1: one after the other</source>
            <translation>Anfragen unterwegs; 1: eine nach der anderen</translation>
        </message>
        <message>
            <source>Frames of the whole run</source>
            <translation>Bilder des ganzen Laufs</translation>
        </message>
        <message>
            <source>Order of the images; the same seed gives the same order</source>
            <translation>Reihenfolge der Bilder; derselbe Seed gibt dieselbe Reihenfolge</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <source>Coder</source>
            <translation>Coder</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Depth</source>
            <translation>Tiefe</translation>
        </message>
        <message>
            <source>Frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Seed</translation>
        </message>
        <message>
            <source>Networks with several exits; their weights ship with the program</source>
            <translation>Netze mit mehreren Ausgängen; ihre Gewichte gehören zum Programm</translation>
        </message>
        <message>
            <source>How quantized levels are written. huffman and context need a codebook of the model and the data: they
ship with the program, or are made by splitscope-cli codebook train</source>
            <translation>Wie quantisierte Stufen geschrieben werden. huffman und context brauchen ein Codebuch zu Modell und Daten: sie
gehören zum Programm oder werden mit splitscope-cli codebook train gemacht</translation>
        </message>
        <message>
            <source>as the cost table</source>
            <translation>wie die Kostentabelle</translation>
        </message>
        <message>
            <source>This run</source>
            <translation>Dieser Lauf</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::StatementList</name>
        <message>
            <source>What the paper says about the figure</source>
            <translation>Was die Arbeit über die Abbildung sagt</translation>
        </message>
        <message>
            <source>The paper says, and here:</source>
            <translation>Das Paper sagt, und hier:</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::StepStrip</name>
        <message>
            <source>Decisions</source>
            <translation>Entscheidungen</translation>
        </message>
        <message>
            <source>exit · partition (layers on the device) · coding (bits, or how images are sent) · answered early (share)</source>
            <translation>Ausgang · Schnitt (Schichten auf dem Gerät) · Codierung (Bits, oder wie Bilder gesendet werden) · früh beantwortet (Anteil)</translation>
        </message>
        <message>
            <source>Start an experiment: exit, partition and bits of every request appear here.</source>
            <translation>Ein Experiment starten: hier erscheinen Ausgang, Schnitt und Bits jeder Anfrage.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::TimeChart</name>
        <message>
            <source>%1, interval</source>
            <translation>%1, Intervall</translation>
        </message>
        <message>
            <source>set</source>
            <translation>eingestellt</translation>
        </message>
        <message>
            <source>achieved</source>
            <translation>erreicht</translation>
        </message>
        <message>
            <source>estimated</source>
            <translation>geschätzt</translation>
        </message>
        <message>
            <source>running</source>
            <translation>laufend</translation>
        </message>
        <message>
            <source>expected</source>
            <translation>erwartet</translation>
        </message>
        <message>
            <source>modelled</source>
            <translation>modelliert</translation>
        </message>
        <message>
            <source>reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>regret</source>
            <translation>Regret</translation>
        </message>
        <message>
            <source>device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>queues</source>
            <translation>Warten</translation>
        </message>
        <message>
            <source>transfer</source>
            <translation>Übertragung</translation>
        </message>
        <message>
            <source>edge</source>
            <translation>Edge</translation>
        </message>
        <message>
            <source>fallback</source>
            <translation>Rückfall</translation>
        </message>
        <message>
            <source>slowest</source>
            <translation>langsamste</translation>
        </message>
        <message>
            <source>exit</source>
            <translation>Exit</translation>
        </message>
        <message>
            <source>cut</source>
            <translation>Schnitt</translation>
        </message>
        <message>
            <source>bits</source>
            <translation>Bits</translation>
        </message>
        <message>
            <source>early</source>
            <translation>früh</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::TitleRow</name>
        <message>
            <source>of %1</source>
            <translation>von %1</translation>
        </message>
        <message>
            <source>Link status</source>
            <translation>Zustand des Links</translation>
        </message>
        <message>
            <source>Scenario</source>
            <translation>Szenario</translation>
        </message>
        <message>
            <source>Counters</source>
            <translation>Zähler</translation>
        </message>
        <message>
            <source>frames: have their outcome. fallback: the edge was silent, the device finished by itself. lost: could not be finished. dropped: samples that came faster than the charts take them; the records have them all.</source>
            <translation>Bilder: haben ihren Ausgang. Rückfall: die Edge war stumm, das Gerät rechnete allein zu Ende. verloren: nicht zu Ende zu bringen. weggefallen: Werte, die schneller kamen, als die Diagramme sie nehmen; die Aufzeichnungen haben sie alle.</translation>
        </message>
        <message>
            <source>idle</source>
            <translation>im Leerlauf</translation>
        </message>
        <message>
            <source>paused</source>
            <translation>angehalten</translation>
        </message>
        <message>
            <source> (emulated, ×%1 slower)</source>
            <translation> (emuliert, ×%1 langsamer)</translation>
        </message>
        <message>
            <source>frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>fallback</source>
            <translation>Rückfall</translation>
        </message>
        <message>
            <source>lost</source>
            <translation>verloren</translation>
        </message>
        <message>
            <source>dropped</source>
            <translation>weggefallen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::TrainingGrid</name>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::TrainingPlot</name>
        <message>
            <source>Training curves</source>
            <translation>Trainingskurven</translation>
        </message>
        <message>
            <source>No training's curves to show</source>
            <translation>Keine Kurven eines Trainings zu zeigen</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::TroubleStrip</name>
        <message>
            <source>Open the Log</source>
            <translation>Protokoll öffnen</translation>
        </message>
        <message>
            <source>Dismiss</source>
            <translation>Ausblenden</translation>
        </message>
        <message>
            <source> (%1 times)</source>
            <translation> (%1-mal)</translation>
        </message>
        <message numerus="yes">
            <source> · %n more in the Log</source>
            <translation>
                <numerusform> · %n weitere im Protokoll</numerusform>
                <numerusform> · %n weitere im Protokoll</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::ValueTable</name>
        <message>
            <source>Values under the crosshair</source>
            <translation>Werte unter dem Fadenkreuz</translation>
        </message>
        <message>
            <source>time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>frame</source>
            <translation>Bild</translation>
        </message>
        <message>
            <source>exit · partition</source>
            <translation>Ausgang · Schnitt</translation>
        </message>
        <message>
            <source>sent as</source>
            <translation>gesendet als</translation>
        </message>
        <message>
            <source>capture to label</source>
            <translation>Aufnahme bis Ergebnis</translation>
        </message>
        <message>
            <source>rate set</source>
            <translation>eingestellte Rate</translation>
        </message>
        <message>
            <source>unlimited</source>
            <translation>unbegrenzt</translation>
        </message>
        <message>
            <source>rate achieved</source>
            <translation>erreichte Rate</translation>
        </message>
        <message>
            <source>nothing sent</source>
            <translation>nichts gesendet</translation>
        </message>
        <message>
            <source>accuracy so far</source>
            <translation>Genauigkeit bisher</translation>
        </message>
        <message>
            <source>energy (modelled)</source>
            <translation>Energie (modelliert)</translation>
        </message>
        <message>
            <source>expected accuracy</source>
            <translation>erwartete Genauigkeit</translation>
        </message>
        <message>
            <source>reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>regret</source>
            <translation>Regret</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::fields</name>
        <message>
            <source>write a number, e.g. 12.5</source>
            <translation>eine Zahl schreiben, z. B. 12.5</translation>
        </message>
        <message>
            <source>write a whole number that is not negative</source>
            <translation>eine ganze Zahl schreiben, die nicht negativ ist</translation>
        </message>
        <message>
            <source>as the cost table</source>
            <translation>wie die Kostentabelle</translation>
        </message>
        <message>
            <source>the shipped one</source>
            <translation>das mitgelieferte</translation>
        </message>
        <message>
            <source>Strategy</source>
            <translation>Strategie</translation>
        </message>
        <message>
            <source>Who chooses exit, cut and coding of each request.</source>
            <translation>Wer Ausgang, Schnitt und Codierung jeder Anfrage wählt.</translation>
        </message>
        <message>
            <source>Exit</source>
            <translation>Ausgang</translation>
        </message>
        <message>
            <source>For fixed, on-device and on-edge: where the network stops, from 1.</source>
            <translation>Für fixed, on-device und on-edge: wo das Netz aufhört, ab 1.</translation>
        </message>
        <message>
            <source>Cut after layer</source>
            <translation>Schnitt nach Schicht</translation>
        </message>
        <message>
            <source>For fixed: the device runs layers 1 to this one; 0: all on the edge.</source>
            <translation>Für fixed: das Gerät rechnet die Schichten 1 bis zu dieser; 0: alles auf der Edge.</translation>
        </message>
        <message>
            <source>Send as</source>
            <translation>Senden als</translation>
        </message>
        <message>
            <source>Gate</source>
            <translation>Gate</translation>
        </message>
        <message>
            <source>exit:nats</source>
            <translation>Ausgang:Nats</translation>
        </message>
        <message>
            <source>For fixed: frames whose entropy at this exit is below so many nats are answered there; 1:0.5. By the edge where the exit branches off behind the cut, else by the device.</source>
            <translation>Für fixed: Bilder, deren Entropie an diesem Ausgang unter so vielen Nats liegt, werden dort beantwortet; 1:0.5. Von der Edge, wo der Ausgang hinter dem Schnitt abzweigt, sonst vom Gerät.</translation>
        </message>
        <message>
            <source>For fixed: 2 to 16 bits or float32 at a cut; raw, lossless or jpeg:Q at cut 0; label behind the last layer.</source>
            <translation>Für fixed: 2 bis 16 Bit oder float32 an einem Schnitt; raw, lossless oder jpeg:Q am Schnitt 0; label hinter der letzten Schicht.</translation>
        </message>
        <message>
            <source>JPEG quality</source>
            <translation>JPEG-Qualität</translation>
        </message>
        <message>
            <source>1 to 100</source>
            <translation>1 bis 100</translation>
        </message>
        <message>
            <source>For on-edge-jpeg.</source>
            <translation>Für on-edge-jpeg.</translation>
        </message>
        <message>
            <source>Dwell</source>
            <translation>Verweilen</translation>
        </message>
        <message>
            <source>requests</source>
            <translation>Anfragen</translation>
        </message>
        <message>
            <source>For cycle: requests for each decision.</source>
            <translation>Für cycle: Anfragen je Entscheidung.</translation>
        </message>
        <message>
            <source>Accuracy loss</source>
            <translation>Genauigkeitsverlust</translation>
        </message>
        <message>
            <source>0 to 1</source>
            <translation>0 bis 1</translation>
        </message>
        <message>
            <source>For jalad, ko-lossy, branchynet, branchynet-edge and spinn: the most accuracy that may be lost; 0.01 is one point.</source>
            <translation>Für jalad, ko-lossy, branchynet, branchynet-edge und spinn: wie viel Genauigkeit höchstens verloren gehen darf; 0.01 ist ein Punkt.</translation>
        </message>
        <message>
            <source>Action set</source>
            <translation>Aktionsmenge</translation>
        </message>
        <message>
            <source>What strategies choose from: standard, paper (4, 8, 12 bits), verification, or bits:4,8; with gates: +gates or +gates:0.1,0.5, and those of the edge: +edge-gates.</source>
            <translation>Woraus Strategien wählen: standard, paper (4, 8, 12 Bit), verification oder bits:4,8; mit Gates: +gates oder +gates:0.1,0.5, und die der Edge: +edge-gates.</translation>
        </message>
        <message>
            <source>Cost table</source>
            <translation>Kostentabelle</translation>
        </message>
        <message>
            <source>What decisions cost; none: do without.</source>
            <translation>Was Entscheidungen kosten; none: ohne.</translation>
        </message>
        <message>
            <source>Corrected table</source>
            <translation>Korrigierte Tabelle</translation>
        </message>
        <message>
            <source>Strategies see the table's times corrected by what requests of late took; the table stays as it is.</source>
            <translation>Strategien sehen die Zeiten der Tabelle, korrigiert um das, was Anfragen zuletzt brauchten; die Tabelle bleibt, wie sie ist.</translation>
        </message>
        <message>
            <source>Policy</source>
            <translation>Policy</translation>
        </message>
        <message>
            <source>For sacd, dqn, sacd-paper and supervised: what training made.</source>
            <translation>Für sacd, dqn, sacd-paper und supervised: was das Training ergab.</translation>
        </message>
        <message>
            <source>Shadow</source>
            <translation>Schatten</translation>
        </message>
        <message>
            <source>A policy that decides silently, and takes over when its regret is lower.</source>
            <translation>Eine Policy, die still entscheidet und übernimmt, wenn ihr Regret kleiner ist.</translation>
        </message>
        <message>
            <source>none</source>
            <translation>keine</translation>
        </message>
        <message>
            <source>Reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>paper: a·accuracy + b·speed (eqs. 12 to 14); edgent: exp(accuracy) + frames a second.</source>
            <translation>paper: a·Genauigkeit + b·Tempo (Gl. 12 bis 14); edgent: exp(Genauigkeit) + Bilder pro Sekunde.</translation>
        </message>
        <message>
            <source>Sensitivity s</source>
            <translation>Empfindlichkeit s</translation>
        </message>
        <message>
            <source>MB/s</source>
            <translation>MB/s</translation>
        </message>
        <message>
            <source>At which bandwidth accuracy begins to count.</source>
            <translation>Ab welcher Bandbreite Genauigkeit zu zählen beginnt.</translation>
        </message>
        <message>
            <source>Scale n</source>
            <translation>Skala n</translation>
        </message>
        <message>
            <source>Of accuracy's weight n·ln(1 + B/s); 0: 1 at the greatest rate.</source>
            <translation>Des Gewichts der Genauigkeit n·ln(1 + B/s); 0: 1 bei der größten Rate.</translation>
        </message>
        <message>
            <source>Energy limit ê</source>
            <translation>Energiegrenze ê</translation>
        </message>
        <message>
            <source>J a frame</source>
            <translation>J je Bild</translation>
        </message>
        <message>
            <source>Beyond it the reward is 0.</source>
            <translation>Darüber ist die Belohnung 0.</translation>
        </message>
        <message>
            <source>Deadline of the reward</source>
            <translation>Frist der Belohnung</translation>
        </message>
        <message>
            <source>ms</source>
            <translation>ms</translation>
        </message>
        <message>
            <source>Of a request: beyond it the reward is 0.</source>
            <translation>Einer Anfrage: darüber ist die Belohnung 0.</translation>
        </message>
        <message>
            <source>Deadline that is counted</source>
            <translation>Gezählte Frist</translation>
        </message>
        <message>
            <source>How many requests meet it is counted; the reward's too where that names none. 0: none.</source>
            <translation>Gezählt wird, wie viele Anfragen sie einhalten; auch die der Belohnung, wo diese keine nennt. 0: keine.</translation>
        </message>
        <message>
            <source>Least accuracy</source>
            <translation>Kleinste Genauigkeit</translation>
        </message>
        <message>
            <source>Decisions of less expected accuracy are not taken.</source>
            <translation>Entscheidungen mit geringerer erwarteter Genauigkeit werden nicht getroffen.</translation>
        </message>
        <message>
            <source>First cut</source>
            <translation>Erster Schnitt</translation>
        </message>
        <message>
            <source>layers</source>
            <translation>Schichten</translation>
        </message>
        <message>
            <source>At least so many layers run on the device.</source>
            <translation>Mindestens so viele Schichten laufen auf dem Gerät.</translation>
        </message>
        <message>
            <source>Last cut</source>
            <translation>Letzter Schnitt</translation>
        </message>
        <message>
            <source>At most so many layers run on the device, or all.</source>
            <translation>Höchstens so viele Schichten laufen auf dem Gerät, oder alle.</translation>
        </message>
        <message>
            <source>any</source>
            <translation>alle</translation>
        </message>
        <message>
            <source>Frozen</source>
            <translation>Eingefroren</translation>
        </message>
        <message>
            <source>Otherwise it is computed from the cost table when the run starts.</source>
            <translation>Sonst wird sie beim Start des Laufs aus der Kostentabelle berechnet.</translation>
        </message>
        <message>
            <source>Which standardises to 0.</source>
            <translation>Die auf 0 normiert wird.</translation>
        </message>
        <message>
            <source>Greatest accuracy</source>
            <translation>Größte Genauigkeit</translation>
        </message>
        <message>
            <source>Which standardises to 1.</source>
            <translation>Die auf 1 normiert wird.</translation>
        </message>
        <message>
            <source>T_min</source>
            <translation>T_min</translation>
        </message>
        <message>
            <source>The shortest time: speed 1.</source>
            <translation>Die kürzeste Zeit: Tempo 1.</translation>
        </message>
        <message>
            <source>T_max</source>
            <translation>T_max</translation>
        </message>
        <message>
            <source>The longest time: speed 0.</source>
            <translation>Die längste Zeit: Tempo 0.</translation>
        </message>
        <message>
            <source>B_max</source>
            <translation>B_max</translation>
        </message>
        <message>
            <source>bytes/s</source>
            <translation>Bytes/s</translation>
        </message>
        <message>
            <source>At which accuracy's weight is 1 where n is 0.</source>
            <translation>Bei der das Gewicht der Genauigkeit 1 ist, wo n 0 ist.</translation>
        </message>
        <message>
            <source>Frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>frames</source>
            <translation>Bilder</translation>
        </message>
        <message>
            <source>Of the whole run.</source>
            <translation>Des ganzen Laufs.</translation>
        </message>
        <message>
            <source>Seed</source>
            <translation>Seed</translation>
        </message>
        <message>
            <source>Order of the images; the same seed gives the same order.</source>
            <translation>Reihenfolge der Bilder; derselbe Seed gibt dieselbe Reihenfolge.</translation>
        </message>
        <message>
            <source>Interval</source>
            <translation>Abstand</translation>
        </message>
        <message>
            <source>From the start of one request to the start of the next, at least; 0: as fast as it goes.</source>
            <translation>Vom Beginn einer Anfrage zum Beginn der nächsten, mindestens; 0: so schnell es geht.</translation>
        </message>
        <message>
            <source>Logits</source>
            <translation>Logits</translation>
        </message>
        <message>
            <source>The edge sends what its last layer put out: verification.</source>
            <translation>Die Edge sendet, was ihre letzte Schicht ausgab: zur Prüfung.</translation>
        </message>
        <message>
            <source>Coder</source>
            <translation>Coder</translation>
        </message>
        <message>
            <source>How quantized levels are written. huffman and context need a codebook of the model and the data.</source>
            <translation>Wie quantisierte Stufen geschrieben werden. huffman und context brauchen ein Codebuch zu Modell und Daten.</translation>
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>A network with several exits: a shipped one, or the file of a spec (model.json).</source>
            <translation>Ein Netz mit mehreren Ausgängen: ein mitgeliefertes oder die Datei einer Beschreibung (model.json).</translation>
        </message>
        <message>
            <source>Weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <source>A weights file; empty: those shipped for the model and the data.</source>
            <translation>Eine Datei mit Gewichten; leer: die zu Modell und Daten mitgelieferten.</translation>
        </message>
        <message>
            <source>Data</source>
            <translation>Daten</translation>
        </message>
        <message>
            <source>Where frames come from: patterns (generated), cifar10, imagenette, or a folder or zip of images on the device.</source>
            <translation>Woher Bilder kommen: patterns (erzeugt), cifar10, imagenette oder ein Ordner oder Zip mit Bildern auf dem Gerät.</translation>
        </message>
        <message>
            <source>Split</source>
            <translation>Teil</translation>
        </message>
        <message>
            <source>Which part of the data: evaluation is what neither training nor tables have seen.</source>
            <translation>Welcher Teil der Daten: evaluation haben weder Training noch Tabellen gesehen.</translation>
        </message>
        <message>
            <source>Codebook</source>
            <translation>Codebuch</translation>
        </message>
        <message>
            <source>What huffman and context know of the network beforehand.</source>
            <translation>Was huffman und context vorab vom Netz wissen.</translation>
        </message>
        <message>
            <source>Batch</source>
            <translation>Batch</translation>
        </message>
        <message>
            <source>Frames in one request.</source>
            <translation>Bilder in einer Anfrage.</translation>
        </message>
        <message>
            <source>Depth</source>
            <translation>Tiefe</translation>
        </message>
        <message>
            <source>Requests in flight; 1: one after the other.</source>
            <translation>Anfragen unterwegs; 1: eine nach der anderen.</translation>
        </message>
        <message>
            <source>Device</source>
            <translation>Gerät</translation>
        </message>
        <message>
            <source>loopback: emulated on this machine; or tcp://HOST:PORT of a device's daemon.</source>
            <translation>loopback: auf diesem Rechner emuliert; oder tcp://HOST:PORT vom Daemon eines Geräts.</translation>
        </message>
        <message>
            <source>Device key</source>
            <translation>Schlüssel des Geräts</translation>
        </message>
        <message>
            <source>The device's public key, as `splitscoped --show-key` prints it.</source>
            <translation>Der öffentliche Schlüssel des Geräts, wie ihn `splitscoped --show-key` ausgibt.</translation>
        </message>
        <message>
            <source>Slowdown</source>
            <translation>Verlangsamung</translation>
        </message>
        <message>
            <source>×</source>
            <translation>×</translation>
        </message>
        <message>
            <source>An emulated device takes this many times as long for its layers.</source>
            <translation>Ein emuliertes Gerät braucht für seine Schichten so viel Mal so lange.</translation>
        </message>
        <message>
            <source>Slowdown by</source>
            <translation>Verlangsamung durch</translation>
        </message>
        <message>
            <source>waiting leaves the cores to the other half on one machine; work repeats the computation.</source>
            <translation>waiting (Warten) lässt die Kerne auf einem Rechner der anderen Hälfte; work (Arbeit) wiederholt die Rechnung.</translation>
        </message>
        <message>
            <source>Device threads</source>
            <translation>Threads des Geräts</translation>
        </message>
        <message>
            <source>threads</source>
            <translation>Threads</translation>
        </message>
        <message>
            <source>Threads that the device's half computes with.</source>
            <translation>Threads, mit denen die Hälfte des Geräts rechnet.</translation>
        </message>
        <message>
            <source>Edge threads</source>
            <translation>Threads der Edge</translation>
        </message>
        <message>
            <source>Threads that the edge's half computes with.</source>
            <translation>Threads, mit denen die Hälfte der Edge rechnet.</translation>
        </message>
        <message>
            <source>Failover after</source>
            <translation>Rückfall nach</translation>
        </message>
        <message>
            <source>The device finishes a frame by itself when the edge has been silent for this long, at least.</source>
            <translation>Das Gerät rechnet ein Bild allein zu Ende, wenn die Edge mindestens so lange stumm war.</translation>
        </message>
        <message>
            <source>Source</source>
            <translation>Quelle</translation>
        </message>
        <message>
            <source>Where these numbers come from, for people.</source>
            <translation>Woher diese Zahlen kommen, für Menschen.</translation>
        </message>
        <message>
            <source>Capacitance k0</source>
            <translation>Kapazität k0</translation>
        </message>
        <message>
            <source>J·s²/cycle</source>
            <translation>J·s²/Takt</translation>
        </message>
        <message>
            <source>Effective switched capacitance (eq. 1).</source>
            <translation>Wirksame geschaltete Kapazität (Gl. 1).</translation>
        </message>
        <message>
            <source>Clock f</source>
            <translation>Takt f</translation>
        </message>
        <message>
            <source>Hz</source>
            <translation>Hz</translation>
        </message>
        <message>
            <source>The processor's clock.</source>
            <translation>Der Takt des Prozessors.</translation>
        </message>
        <message>
            <source>Work a cycle</source>
            <translation>Arbeit je Takt</translation>
        </message>
        <message>
            <source>FLOP/cycle</source>
            <translation>FLOP/Takt</translation>
        </message>
        <message>
            <source>Turns a layer's operations into cycles.</source>
            <translation>Macht aus den Operationen einer Schicht Takte.</translation>
        </message>
        <message>
            <source>Sending P</source>
            <translation>Senden P</translation>
        </message>
        <message>
            <source>W</source>
            <translation>W</translation>
        </message>
        <message>
            <source>Power of the radio while it sends (eq. 2).</source>
            <translation>Leistung des Funks beim Senden (Gl. 2).</translation>
        </message>
        <message>
            <source>Stated channel</source>
            <translation>Angegebener Kanal</translation>
        </message>
        <message>
            <source>Sending is reckoned at B·log2(1 + P·γ) instead of at the rate that was measured.</source>
            <translation>Senden wird mit B·log2(1 + P·γ) gerechnet statt mit der gemessenen Rate.</translation>
        </message>
        <message>
            <source>Channel B</source>
            <translation>Kanal B</translation>
        </message>
        <message>
            <source>The channel's bandwidth.</source>
            <translation>Die Bandbreite des Kanals.</translation>
        </message>
        <message>
            <source>Channel γ</source>
            <translation>Kanal γ</translation>
        </message>
        <message>
            <source>1/W</source>
            <translation>1/W</translation>
        </message>
        <message>
            <source>Signal over noise and interference, a watt sent.</source>
            <translation>Signal zu Rauschen und Störung, je gesendetem Watt.</translation>
        </message>
        <message>
            <source>Bandwidth</source>
            <translation>Bandbreite</translation>
        </message>
        <message>
            <source>The device's uplink over time: a rate (300KB/s, 2MB/s, 5.85Mbit/s), preset:4g, unlimited,
sweep:10KB/s..10MB/s, step:1MB/s,100KB/s, walk, markov, outage, or trace:FILE.</source>
            <translation>Der Uplink des Geräts über der Zeit: eine Rate (300KB/s, 2MB/s, 5.85Mbit/s), preset:4g, unlimited,
sweep:10KB/s..10MB/s, step:1MB/s,100KB/s, walk, markov, outage oder trace:DATEI.</translation>
        </message>
        <message>
            <source>Added delay</source>
            <translation>Zusätzliche Verzögerung</translation>
        </message>
        <message>
            <source>One way, to every message that leaves the device.</source>
            <translation>In einer Richtung, zu jeder Nachricht, die das Gerät verlässt.</translation>
        </message>
        <message>
            <source>Jitter</source>
            <translation>Jitter</translation>
        </message>
        <message>
            <source>The added delay varies by up to so much either way.</source>
            <translation>Um so viel schwankt die zusätzliche Verzögerung nach beiden Seiten.</translation>
        </message>
        <message>
            <source>Burst</source>
            <translation>Schub</translation>
        </message>
        <message>
            <source>bytes</source>
            <translation>Bytes</translation>
        </message>
        <message>
            <source>What the uplink's token bucket holds.</source>
            <translation>Was der Token-Bucket des Uplinks fasst.</translation>
        </message>
        <message>
            <source>Shaped by</source>
            <translation>Begrenzt durch</translation>
        </message>
        <message>
            <source>user: the daemon; kernel: tc, for which the daemon needs CAP_NET_ADMIN.</source>
            <translation>user: der Daemon; kernel: tc, wofür der Daemon CAP_NET_ADMIN braucht.</translation>
        </message>
        <message>
            <source>Probe</source>
            <translation>Messverkehr</translation>
        </message>
        <message>
            <source>Measures the uplink with filler where frames do not tell its rate.</source>
            <translation>Misst den Uplink mit Füllverkehr, wo Bilder seine Rate nicht verraten.</translation>
        </message>
        <message>
            <source>Faults</source>
            <translation>Störungen</translation>
        </message>
        <message>
            <source>What goes wrong, and at which frame: KIND@FRAME:TIME, with commas between, of stall, cut, restart, slow-cpu, corrupt, clock-jump.
For example: stall@200:500ms, restart@400</source>
            <translation>Was schiefgeht, und bei welchem Bild: KIND@BILD:ZEIT, durch Kommas getrennt, aus stall, cut, restart, slow-cpu, corrupt, clock-jump.
Zum Beispiel: stall@200:500ms, restart@400</translation>
        </message>
    </context>
    <context>
        <name>splitscope::session::Fault</name>
        <message>
            <source>Stall the link</source>
            <translation>Link stocken lassen</translation>
        </message>
        <message>
            <source>For a while nothing passes the link in either direction, but its connections stay: as in a gap of the radio. The device finishes its frames alone; what waited comes late.</source>
            <translation>Eine Zeitlang kommt auf dem Link in keiner Richtung etwas durch, doch seine Verbindungen bleiben: wie in einem Funkloch. Das Gerät rechnet seine Bilder allein zu Ende; was wartete, kommt verspätet.</translation>
        </message>
        <message>
            <source>Cut the link</source>
            <translation>Link trennen</translation>
        </message>
        <message>
            <source>The connections are closed, and none come about for a while: as when a cable is pulled. The device finishes its frames alone and tells them afterwards.</source>
            <translation>Die Verbindungen werden geschlossen, und eine Zeitlang kommen keine zustande: wie bei einem gezogenen Kabel. Das Gerät rechnet seine Bilder allein zu Ende und meldet sie danach.</translation>
        </message>
        <message>
            <source>Restart the daemon</source>
            <translation>Daemon neu starten</translation>
        </message>
        <message>
            <source>The device's daemon ends at once and is started again. Frames whose outcome only it knew are lost; the run goes on.</source>
            <translation>Der Daemon des Geräts endet sofort und wird neu gestartet. Bilder, deren Ergebnis nur er kannte, sind verloren; der Lauf geht weiter.</translation>
        </message>
        <message>
            <source>Slow processor</source>
            <translation>Langsamer Prozessor</translation>
        </message>
        <message>
            <source>The device computes 8 times slower for a while, as when it is throttled. Strategies are not told.</source>
            <translation>Das Gerät rechnet eine Zeitlang 8-mal langsamer, als wäre es gedrosselt. Strategien erfahren davon nichts.</translation>
        </message>
        <message>
            <source>Corrupt a message</source>
            <translation>Eine Nachricht beschädigen</translation>
        </message>
        <message>
            <source>The next message each way, on both connections, arrives damaged. It is refused; what it would have brought comes again, or the device finishes the frame alone.</source>
            <translation>Die nächste Nachricht in jeder Richtung kommt auf beiden Verbindungen beschädigt an. Sie wird abgewiesen; was sie gebracht hätte, kommt noch einmal, oder das Gerät rechnet das Bild allein zu Ende.</translation>
        </message>
        <message>
            <source>Clock jump</source>
            <translation>Uhr springt</translation>
        </message>
        <message>
            <source>The edge's clock jumps while it computes a frame, as when somebody sets it: what it measured across the jump is off by it, and its time of day from then on. T is the device's own and must not change.</source>
            <translation>Die Uhr der Edge springt, während sie ein Bild rechnet, als stellte sie jemand: Was sie über den Sprung hinweg maß, ist um ihn falsch, und von da an ihre Uhrzeit. T misst das Gerät selbst, es darf sich nicht ändern.</translation>
        </message>
    </context>
    <context>
        <name>splitscope::ui::FaultMenu</name>
        <message>
            <source>%1 h</source>
            <translation>%1 h</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>Faults</source>
            <translation>Störungen</translation>
        </message>
        <message>
            <source>%1, %2</source>
            <translation>%1, %2</translation>
        </message>
    </context>
    <context>
        <name>splitscope::session::RunQuantity</name>
        <message>
            <source>latency</source>
            <translation>Latenz</translation>
        </message>
        <message>
            <source>achieved bandwidth</source>
            <translation>erreichte Bandbreite</translation>
        </message>
        <message>
            <source>running accuracy</source>
            <translation>laufende Genauigkeit</translation>
        </message>
        <message>
            <source>modelled energy a frame</source>
            <translation>modellierte Energie je Bild</translation>
        </message>
        <message>
            <source>reward</source>
            <translation>Belohnung</translation>
        </message>
        <message>
            <source>regret</source>
            <translation>Regret</translation>
        </message>
        <message>
            <source>device temperature</source>
            <translation>Temperatur des Geräts</translation>
        </message>
        <message>
            <source>device utilization</source>
            <translation>Auslastung des Geräts</translation>
        </message>
        <message>
            <source>device clock</source>
            <translation>Takt des Geräts</translation>
        </message>
        <message>
            <source>device power, measured</source>
            <translation>gemessene Leistung des Geräts</translation>
        </message>
    </context>
</TS>
