// A CouchDB-compatible server over HTTP, its databases on disk: the PouchDB project's own.
//
// Says {"port"} once it listens. Asked "bytes", it says {"bytes"}: all that ever went over its connections, both ways.

import express from 'express';
import expressPouchDB from 'express-pouchdb';
import PouchDB from 'pouchdb';

const databases = PouchDB.defaults({ prefix: process.argv[2] });
const app = express();
app.use('/', expressPouchDB(databases, { mode: 'minimumForPouchDB', inMemoryConfig: true, logPath: '/dev/null' }));

const open = new Set();
let ended = 0;
const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
server.on('connection', (socket) => {
	open.add(socket);
	socket.on('close', () => {
		open.delete(socket);
		ended += socket.bytesRead + socket.bytesWritten;
	});
});

process.on('message', () => {
	let bytes = ended;
	for (const socket of open) bytes += socket.bytesRead + socket.bytesWritten;
	process.send({ bytes });
});
process.on('disconnect', () => process.exit());
